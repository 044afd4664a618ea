import type { ImportFlags, TransferFlags } from '../flags.ts';
import type { Grammar } from './grammar.ts';
import { inStore, narrowed, study } from './options.ts';

/** What brings results elsewhere, and from there. `program` is `sweetspot cache`. */
export function addTransferCommands({ program, io, does }: Grammar): void {
  narrowed(study(program.command('push <study>')))
    .description("bring a study's results to the remotes that take them")
    .action(
      does(async (file: string, flags: TransferFlags) =>
        (await import('../commands/cache-push.ts')).pushCommand({ file, flags, io }),
      ),
    );
  narrowed(study(program.command('pull <study>')))
    .description("fetch a study's results from the remotes, and all their bytes")
    .action(
      does(async (file: string, flags: TransferFlags) =>
        (await import('../commands/cache-pull.ts')).pullCommand({ file, flags, io }),
      ),
    );

  narrowed(study(program.command('export <study> <file>')))
    .description("write a study's results, and all they were made from, as one tar; - is standard output")
    .action(
      does(async (file: string, archive: string, flags: TransferFlags) =>
        (await import('../commands/cache-export.ts')).cacheExportCommand({ file, archive, flags, io }),
      ),
    );
  inStore(program.command('import <file>'))
    .description('bring such a tar into the store, every byte checked; - is standard input')
    .option('--into <dir>', 'also write the study and the files that it names into this folder')
    .option('--dry-run', 'check it, say what would come, and write nothing')
    .action(
      does(async (archive: string, flags: ImportFlags) =>
        (await import('../commands/cache-import.ts')).cacheImportCommand({ archive, flags, io }),
      ),
    );
}
