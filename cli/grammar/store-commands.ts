import type { GcFlags, InitFlags, RerunFlags, RunChoiceFlags, StoreFlags } from '../flags.ts';
import type { Grammar } from './grammar.ts';
import { inStore, machine, ofRun, study } from './options.ts';

/** What looks after the store. `program` is `sweetspot cache`. */
export function addStoreCommands({ program, io, does }: Grammar): void {
  inStore(program.command('init [dir]'))
    .description('make a store, or make one that is there a shared one')
    .option('--shared', 'for a team: writable by the group, whatever the umask')
    .option('--group <name>', 'with --shared: by this group (default: that of the folder)')
    .option('--signed', 'only signed results count there, for everybody')
    .option('--quota <size>', 'how much it is to hold at most, e.g. 2TB; none: no limit')
    .action(
      does(async (dir: string | undefined, flags: InitFlags) =>
        (await import('../commands/cache-init.ts')).initCommand({ dir, flags, io }),
      ),
    );
  inStore(program.command('gc'))
    .description('remove what no pin, recent run or live task needs')
    .option('--max-size <size>', 'remove until the store is below this, e.g. 500GB (default: its quota)')
    .option('--older-than <time>', 'remove only what was not stored again for so long, e.g. 90d')
    .option('--study <name>', 'remove only what runs of this study have made')
    .option('--keep-runs <n>', 'how many of the latest runs to keep', '10')
    .option('--now', 'free the space at once, while nothing else uses the store')
    .option('--dry-run', 'say what would go')
    .action(
      does(async (flags: GcFlags) => (await import('../commands/cache-gc.ts')).gcCommand({ flags, io })),
    );
  machine(study(program.command('verify [study] [addresses...]')))
    .description('read everything and move aside what is not what its name says')
    .option('--rerun', 'run tasks of a study again instead: do the same bytes come out?')
    .option('--sample <n>', 'with --rerun: so many of them, by chance')
    .option('--json', 'with --rerun: print as JSON')
    .action(
      does(async (file: string | undefined, addresses: readonly string[], flags: RerunFlags) => {
        if (flags.rerun === true)
          return (await import('../commands/verify-rerun.ts')).verifyRerunCommand({
            file,
            addresses,
            flags,
            io,
          });
        return (await import('../commands/cache.ts')).verifyCommand({ file, flags, io });
      }),
    );
  inStore(program.command('stats'))
    .description('how much is stored, and what that has spared whom')
    .option('--json', 'print as JSON')
    .action(
      does(async (flags: StoreFlags) => (await import('../commands/cache.ts')).statsCommand({ flags, io })),
    );
  ofRun(program.command('pin <name> <address>'))
    .description('keep what a task made, whatever gc is told')
    .action(
      does(async (name: string, address: string, flags: RunChoiceFlags) =>
        (await import('../commands/cache.ts')).pinCommand({ name, address, flags, io }),
      ),
    );
}
