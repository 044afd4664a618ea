import type { Grammar } from './grammar.ts';

/** Keys that sign results, and whose are believed. `program` is `sweetspot cache`. */
export function addTrustCommands({ program, io, does }: Grammar): void {
  const key = program.command('key').description('the key that signs your results');
  key
    .command('new')
    .description('make one: your results are signed from now on')
    .action(does(async () => (await import('../commands/cache-trust.ts')).newKeyCommand(io)));
  key
    .command('show')
    .description('print its public half, for others to trust')
    .action(does(async () => (await import('../commands/cache-trust.ts')).showKeyCommand(io)));
  const trust = program.command('trust').description('whose signed results you believe');
  trust
    .command('add <name> <key>')
    .description('believe results that this key has signed')
    .action(
      does(async (name: string, text: string) =>
        (await import('../commands/cache-trust.ts')).trustCommand({ name, key: text, io }),
      ),
    );
  trust
    .command('list')
    .description('who is believed')
    .action(does(async () => (await import('../commands/cache-trust.ts')).trustedCommand(io)));
  trust
    .command('remove <name>')
    .description('believe them no longer')
    .action(
      does(async (name: string) =>
        (await import('../commands/cache-trust.ts')).distrustCommand({ name, io }),
      ),
    );
}
