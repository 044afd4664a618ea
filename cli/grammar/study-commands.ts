import { Option } from 'commander';
import type { LockFlags, PlanFlags, ReportFlags, RunFlags } from '../flags.ts';
import type { Grammar } from './grammar.ts';
import { machine, narrowed, study } from './options.ts';

/** What is done with a study: a file. */
export function addStudyCommands({ program, io, does }: Grammar): void {
  narrowed(machine(study(program.command('run <study>'))))
    .description('run a study: whatever is not in the cache, in parallel, to its report')
    .addOption(
      new Option(
        '--executor <name>',
        'where tasks compute: on this machine, or as jobs of a cluster (default: local)',
      ).choices(['local', 'slurm']),
    )
    .option('--detach', 'put the driver itself into a job of the cluster, and return')
    .option('--out <dir>', 'where reports go (default: out/STUDY)')
    .option('--report-every <time>', 'make the report from what is finished, e.g. every 10m')
    .option('--fail-fast', 'stop starting tasks after the first failure')
    .option('--dry-run', 'say what would run, and run nothing')
    .option('--locked', 'compare keys and outputs with STUDY.lock, and say where they differ')
    .option('--write-lock', 'write STUDY.lock once all is done')
    .option('--plain', 'a few lines of words in place of a live picture, for screen readers')
    .option('--json', 'print events as lines of JSON')
    .action(
      does(async (file: string, flags: RunFlags) =>
        (await import('../commands/run.ts')).runCommand({ file, flags, io }),
      ),
    );

  narrowed(machine(study(program.command('plan <study>'))))
    .description('what would run and why, what is cached, and how long it should take')
    .addOption(new Option('--graph <format>', 'draw the graph instead').choices(['mermaid', 'dot', 'json']))
    .option('--all', 'list every instance, however many there are')
    .option('--json', 'print as JSON')
    .action(
      does(async (file: string, flags: PlanFlags) =>
        (await import('../commands/plan.ts')).planCommand({ file, flags, io }),
      ),
    );

  narrowed(study(program.command('report <study>')))
    .description('make the report now, from whatever is finished; holes are marked')
    .option('--out <dir>', 'where it goes (default: out/STUDY)')
    .action(
      does(async (file: string, flags: ReportFlags) =>
        (await import('../commands/report.ts')).reportCommand({ file, flags, io }),
      ),
    );

  study(program.command('lock <study>'))
    .description('write down what the study made: STUDY.lock, for others to compare with')
    .option('--check', 'compare what is cached with the lock; run and write nothing')
    .option('--json', 'print as JSON')
    .action(
      does(async (file: string, flags: LockFlags) =>
        (await import('../commands/lock.ts')).lockCommand({ file, flags, io }),
      ),
    );

  machine(study(program.command('why <study> [address]')))
    .description('why tasks run, or do not: each field of their keys that changed, to its cause')
    .option('--json', 'print as JSON')
    .action(
      does(async (file: string, address: string | undefined, flags: PlanFlags) =>
        (await import('../commands/why.ts')).whyCommand({ file, address, flags, io }),
      ),
    );
}
