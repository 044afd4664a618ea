import { Option } from 'commander';
import type { AdoptFlags } from '../flags.ts';
import type { Grammar } from './grammar.ts';
import { cacheOption, repeatable } from './options.ts';

/** Checkpoints made elsewhere. */
export function addAdoptCommand({ program, io, does }: Grammar): void {
  program
    .command('adopt <path>')
    .description('take PyTorch checkpoints that were made elsewhere into a study and the cache')
    .option('--pattern <pattern>', 'what their paths tell, e.g. {model}/seed{seed}/round{round}.pth')
    .option('--model <name>', 'which model they are of (default: read off their names and shapes)')
    .option('--classes <names>', 'names of the classes, by commas, or a file with one a line')
    .addOption(
      new Option('--masks <source>', 'where masks come from (default: the file, or its zeros)').choices([
        ...['none', 'file', 'zeros'],
      ]),
    )
    .option('--key <name>', 'where in a training checkpoint the weights lie')
    .option('--by <who>', 'who states what follows')
    .addOption(repeatable('--fact <name=value>', 'stated of all: source, data, recipe, accuracy, sparsity'))
    .option('--stated <file>', 'a CSV table of what is stated of each: file, and any of these')
    .option('--out <file>', 'the study that is written (default: the name of the folder)')
    .option('--dry-run', 'print it, and write nothing')
    .addOption(cacheOption())
    .action(
      does(async (path: string, flags: AdoptFlags) =>
        (await import('../commands/adopt.ts')).adoptCommand({ path, flags, io }),
      ),
    );
}
