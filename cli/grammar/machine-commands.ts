import { Option } from 'commander';
import type { DataFetchFlags, DoctorFlags, SetupFlags } from '../flags.ts';
import type { Grammar } from './grammar.ts';
import { inStore, machine, repeatable } from './options.ts';

/** What concerns this machine: data sets, backends, editors. */
export function addMachineCommands({ program, io, does }: Grammar): void {
  program
    .command('data')
    .description('data sets on this machine')
    .command('fetch [names...]')
    .description('download published data sets; without names, list them')
    .option('--into <dir>', 'the folder that is to hold them', 'data')
    .option('--url <address>', 'from another address, .tar.gz or .zip (one data set)')
    .option('--sha256 <sum>', 'what the archive has to be (one data set)')
    .action(
      does(async (names: readonly string[], flags: DataFetchFlags) =>
        (await import('../commands/data-fetch.ts')).dataFetchCommand({ names, flags, io }),
      ),
    );

  program
    .command('schema')
    .description('print the JSON Schema of studies, for editors')
    .action(does(async () => (await import('../commands/schema.ts')).schemaCommand(io)));

  program
    .command('setup')
    .description('build the native TensorFlow backend into your cache folder')
    .addOption(
      new Option('--backend <variant>', 'cpu: leave the CUDA libraries out; cuda: ask for them').choices([
        'cpu',
        'cuda',
      ]),
    )
    .action(
      does(async (flags: SetupFlags) => (await import('../commands/setup.ts')).setupCommand({ flags, io })),
    );

  machine(inStore(program.command('doctor')))
    .description('what this machine offers: backends, slots, memory, data sets, file system')
    .addOption(repeatable('--data <name=path>', 'where a data set lies on this machine'))
    .option('--json', 'print as JSON')
    .action(
      does(async (flags: DoctorFlags) =>
        (await import('../commands/doctor.ts')).doctorCommand({ flags, io }),
      ),
    );
}
