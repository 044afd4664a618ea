import { Command, CommanderError, Option } from 'commander';
import { exitCode } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { helpText } from './examples.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';
import type {
  AdoptFlags,
  DataFetchFlags,
  DebugFlags,
  DiffFlags,
  DoctorFlags,
  SetupFlags,
  GcFlags,
  ImportFlags,
  InitFlags,
  LockFlags,
  LogFlags,
  LsFlags,
  PlanFlags,
  ReportFlags,
  RerunFlags,
  RunChoiceFlags,
  RunFlags,
  StatusFlags,
  StoreFlags,
  TransferFlags,
  UiFlags,
} from './flags.ts';
import { packageVersion } from './version.ts';

/** The `sweetspot` command: its grammar. Each command's code is loaded when it is called. */
export function buildProgram(io: Io): { run(argv: readonly string[]): Promise<ExitCode> } {
  let outcome: ExitCode = exitCode.done;
  const does =
    <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) =>
    async (...args: A): Promise<void> => {
      outcome = await action(...args);
    };

  let called = '';
  const program = new Command('sweetspot')
    .description('Runs pruning studies on vision models: one YAML file in, one report out.')
    .version(packageVersion(), '-V, --version')
    .configureOutput({
      writeOut: (text) => void io.out.write(text),
      writeErr: (text) => void io.err.write(text),
      outputError: (text) => sayUsageError({ text, io, called }),
    })
    .configureHelp({ showGlobalOptions: true })
    .option('--no-color', 'without colours, as with NO_COLOR in the environment')
    .showSuggestionAfterError()
    .exitOverride();

  const study = (command: Command): Command =>
    command
      .addOption(repeatable('--param <name=value>', 'set a parameter of the study'))
      .addOption(repeatable('--data <name=path>', 'where a data set lies on this machine'))
      .option('--smoke', 'run every task on 8 images and one step, under keys of its own')
      .option('--remote <name>', 'use this remote alone (default: all of the configuration)')
      .option('--no-remote', 'ask no remote, and bring nothing to any')
      .addOption(cacheOption())
      .option('--read-only', 'only read that store; what is missing goes to .sweetspot here');

  const narrowed = (command: Command): Command =>
    command.addOption(
      repeatable('--only <address>', 'only these tasks and what they need, e.g. lrr/retrain@seed=0'),
    );

  const machine = (command: Command): Command =>
    command
      .option(
        '--slots <slots>',
        'where tasks run: cpu:2, gpu:0,gpu:1, gpu:0/4 (default: what this machine has)',
      )
      .addOption(new Option('--backend <name>', 'tensor backend').choices(['tensorflow', 'wasm', 'cpu']));

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
        (await import('./commands/run.ts')).runCommand({ file, flags, io }),
      ),
    );

  narrowed(machine(study(program.command('plan <study>'))))
    .description('what would run and why, what is cached, and how long it should take')
    .addOption(new Option('--graph <format>', 'draw the graph instead').choices(['mermaid', 'dot', 'json']))
    .option('--all', 'list every instance, however many there are')
    .option('--json', 'print as JSON')
    .action(
      does(async (file: string, flags: PlanFlags) =>
        (await import('./commands/plan.ts')).planCommand({ file, flags, io }),
      ),
    );

  narrowed(study(program.command('report <study>')))
    .description('make the report now, from whatever is finished; holes are marked')
    .option('--out <dir>', 'where it goes (default: out/STUDY)')
    .action(
      does(async (file: string, flags: ReportFlags) =>
        (await import('./commands/report.ts')).reportCommand({ file, flags, io }),
      ),
    );

  study(program.command('lock <study>'))
    .description('write down what the study made: STUDY.lock, for others to compare with')
    .option('--check', 'compare what is cached with the lock; run and write nothing')
    .option('--json', 'print as JSON')
    .action(
      does(async (file: string, flags: LockFlags) =>
        (await import('./commands/lock.ts')).lockCommand({ file, flags, io }),
      ),
    );

  inStore(program.command('status [run]'))
    .description('how a run stands, or how it ended (default: the latest)')
    .option('-w, --watch', 'show it live until it ends; Ctrl-C leaves the run alone')
    .option('--plain', 'with --watch: a few lines of words in place of a live picture')
    .option('--json', 'print as JSON; with --watch, events as lines of JSON')
    .action(
      does(async (run: string | undefined, flags: StatusFlags) =>
        (await import('./commands/status.ts')).statusCommand({ run, flags, io }),
      ),
    );

  inStore(program.command('ui [run]'))
    .description('show a run in a browser as it goes on, with its report so far (default: the latest run)')
    .option('--port <port>', 'to listen on; 0: any that is free', '0')
    .option('--host <address>', 'to listen on; another lets others look', '127.0.0.1')
    .action(
      does(async (run: string | undefined, flags: UiFlags) =>
        (await import('./commands/ui.ts')).uiCommand({ run, flags, io }),
      ),
    );

  machine(study(program.command('why <study> [address]')))
    .description('why tasks run, or do not: each field of their keys that changed, to its cause')
    .option('--json', 'print as JSON')
    .action(
      does(async (file: string, address: string | undefined, flags: PlanFlags) =>
        (await import('./commands/why.ts')).whyCommand({ file, address, flags, io }),
      ),
    );

  inStore(program.command('diff <before> <after>'))
    .description('two runs: what changed in the study, and in the scores')
    .option('--page <file>', 'write a page, both side by side: study, curves, differences beyond chance')
    .option('--before-cache <dir>', 'the store of the first run, where it is another')
    .option('--all', 'every score that differs, and every name')
    .option('--json', 'print as JSON')
    .action(
      does(async (before: string, after: string, flags: DiffFlags) =>
        (await import('./commands/diff.ts')).diffCommand({ runs: [before, after], flags, io }),
      ),
    );

  ofRun(program.command('show <what>'))
    .description('a task: what it made, from what, when and where; or what lies under a digest or key')
    .option('--json', 'print as JSON')
    .action(
      does(async (what: string, flags: RunChoiceFlags) =>
        (await import('./commands/show.ts')).showCommand({ what, flags, io }),
      ),
    );

  ofRun(program.command('log <address>'))
    .description('what a task said: while it ran, or when its result was computed')
    .option('-f, --follow', 'go on as it says more, until it ends')
    .option('--attempt <n>', 'of an earlier attempt than the last')
    .option('--all', 'every log, however many tasks the address names')
    .option('--no-pager', 'print a long log at one go')
    .action(
      does(async (address: string, flags: LogFlags) =>
        (await import('./commands/log.ts')).logCommand({ address, flags, io }),
      ),
    );

  ofRun(program.command('ls [address]'))
    .description('the runs recorded here; with an address or --run, tasks of a run')
    .option('--study <name>', 'runs of this study')
    .option('--state <states>', 'in these states, e.g. failed,killed (runs) or failed,blocked (tasks)')
    .option('--limit <n>', 'at most so many (default: 20)')
    .option('--all', 'all there are')
    .option('--json', 'print as JSON')
    .action(
      does(async (address: string | undefined, flags: LsFlags) =>
        (await import('./commands/ls.ts')).lsCommand({ address, flags, io }),
      ),
    );

  ofRun(program.command('export <address> <dir>'))
    .description('copy what a task made into a folder')
    .action(
      does(async (address: string, dir: string, flags: RunChoiceFlags) =>
        (await import('./commands/export.ts')).exportCommand({ address, dir, flags, io }),
      ),
    );

  machine(ofRun(program.command('debug <address>')))
    .description('run one task here and now, with its inputs in place, and publish nothing')
    .option('--keep', 'leave its folder, debug/ADDRESS, also where it went well')
    .option('--into <dir>', 'another folder, left as well')
    .action(
      does(async (address: string, flags: DebugFlags) =>
        (await import('./commands/debug.ts')).debugCommand({ address, flags, io }),
      ),
    );

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
        (await import('./commands/adopt.ts')).adoptCommand({ path, flags, io }),
      ),
    );

  const cache = program.command('cache').description('look after the store');
  inStore(cache.command('init [dir]'))
    .description('make a store, or make one that is there a shared one')
    .option('--shared', 'for a team: writable by the group, whatever the umask')
    .option('--group <name>', 'with --shared: by this group (default: that of the folder)')
    .option('--signed', 'only signed results count there, for everybody')
    .option('--quota <size>', 'how much it is to hold at most, e.g. 2TB; none: no limit')
    .action(
      does(async (dir: string | undefined, flags: InitFlags) =>
        (await import('./commands/cache-init.ts')).initCommand({ dir, flags, io }),
      ),
    );
  const key = cache.command('key').description('the key that signs your results');
  key
    .command('new')
    .description('make one: your results are signed from now on')
    .action(does(async () => (await import('./commands/cache-trust.ts')).newKeyCommand(io)));
  key
    .command('show')
    .description('print its public half, for others to trust')
    .action(does(async () => (await import('./commands/cache-trust.ts')).showKeyCommand(io)));
  const trust = cache.command('trust').description('whose signed results you believe');
  trust
    .command('add <name> <key>')
    .description('believe results that this key has signed')
    .action(
      does(async (name: string, text: string) =>
        (await import('./commands/cache-trust.ts')).trustCommand({ name, key: text, io }),
      ),
    );
  trust
    .command('list')
    .description('who is believed')
    .action(does(async () => (await import('./commands/cache-trust.ts')).trustedCommand(io)));
  trust
    .command('remove <name>')
    .description('believe them no longer')
    .action(
      does(async (name: string) => (await import('./commands/cache-trust.ts')).distrustCommand({ name, io })),
    );
  inStore(cache.command('gc'))
    .description('remove what no pin, recent run or live task needs')
    .option('--max-size <size>', 'remove until the store is below this, e.g. 500GB (default: its quota)')
    .option('--older-than <time>', 'remove only what was not stored again for so long, e.g. 90d')
    .option('--study <name>', 'remove only what runs of this study have made')
    .option('--keep-runs <n>', 'how many of the latest runs to keep', '10')
    .option('--now', 'free the space at once, while nothing else uses the store')
    .option('--dry-run', 'say what would go')
    .action(
      does(async (flags: GcFlags) => (await import('./commands/cache-gc.ts')).gcCommand({ flags, io })),
    );
  machine(study(cache.command('verify [study] [addresses...]')))
    .description('read everything and move aside what is not what its name says')
    .option('--rerun', 'run tasks of a study again instead: do the same bytes come out?')
    .option('--sample <n>', 'with --rerun: so many of them, by chance')
    .option('--json', 'with --rerun: print as JSON')
    .action(
      does(async (file: string | undefined, addresses: readonly string[], flags: RerunFlags) => {
        if (flags.rerun === true)
          return (await import('./commands/verify-rerun.ts')).verifyRerunCommand({
            file,
            addresses,
            flags,
            io,
          });
        return (await import('./commands/cache.ts')).verifyCommand({ file, flags, io });
      }),
    );
  inStore(cache.command('stats'))
    .description('how much is stored')
    .option('--json', 'print as JSON')
    .action(
      does(async (flags: StoreFlags) => (await import('./commands/cache.ts')).statsCommand({ flags, io })),
    );
  ofRun(cache.command('pin <name> <address>'))
    .description('keep what a task made, whatever gc is told')
    .action(
      does(async (name: string, address: string, flags: RunChoiceFlags) =>
        (await import('./commands/cache.ts')).pinCommand({ name, address, flags, io }),
      ),
    );

  narrowed(study(cache.command('push <study>')))
    .description("bring a study's results to the remotes that take them")
    .action(
      does(async (file: string, flags: TransferFlags) =>
        (await import('./commands/cache-push.ts')).pushCommand({ file, flags, io }),
      ),
    );
  narrowed(study(cache.command('pull <study>')))
    .description("fetch a study's results from the remotes, and all their bytes")
    .action(
      does(async (file: string, flags: TransferFlags) =>
        (await import('./commands/cache-pull.ts')).pullCommand({ file, flags, io }),
      ),
    );

  narrowed(study(cache.command('export <study> <file>')))
    .description("write a study's results, and all they were made from, as one tar; - is standard output")
    .action(
      does(async (file: string, archive: string, flags: TransferFlags) =>
        (await import('./commands/cache-export.ts')).cacheExportCommand({ file, archive, flags, io }),
      ),
    );
  inStore(cache.command('import <file>'))
    .description('bring such a tar into the store, every byte checked; - is standard input')
    .option('--into <dir>', 'also write the study and the files that it names into this folder')
    .option('--dry-run', 'check it, say what would come, and write nothing')
    .action(
      does(async (archive: string, flags: ImportFlags) =>
        (await import('./commands/cache-import.ts')).cacheImportCommand({ archive, flags, io }),
      ),
    );

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
        (await import('./commands/data-fetch.ts')).dataFetchCommand({ names, flags, io }),
      ),
    );

  program
    .command('schema')
    .description('print the JSON Schema of studies, for editors')
    .action(does(async () => (await import('./commands/schema.ts')).schemaCommand(io)));

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
      does(async (flags: SetupFlags) => (await import('./commands/setup.ts')).setupCommand({ flags, io })),
    );

  machine(inStore(program.command('doctor')))
    .description('what this machine offers: backends, slots, memory, data sets, file system')
    .addOption(repeatable('--data <name=path>', 'where a data set lies on this machine'))
    .option('--json', 'print as JSON')
    .action(
      does(async (flags: DoctorFlags) => (await import('./commands/doctor.ts')).doctorCommand({ flags, io })),
    );

  addHelp(program, '');
  program
    .command('completion <shell>')
    .description('what makes a shell complete commands, addresses and runs: bash, zsh or fish')
    .action(
      does(async (shell: string) =>
        (await import('./commands/completion.ts')).completionCommand({ shell, io }),
      ),
    );
  program
    .command('__complete <shell> [words...]', { hidden: true })
    .action(
      does(async (shell: string, words: readonly string[]) =>
        (await import('./commands/completion.ts')).completeCommand({ program, shell, words, io }),
      ),
    );

  program.addHelpText(
    'after',
    '\nFirst steps:\n  sweetspot run workflows/quickstart.yaml     a whole study on embedded data, in minutes\n  sweetspot plan STUDY                        what it would do\n  sweetspot doctor                            what this machine offers\n\nExit codes: 0 all done, 1 a task failed, 2 the study or command is wrong, 3 the machine is, 130 interrupted.',
  );

  return {
    async run(argv): Promise<ExitCode> {
      if (argv.length === 0) {
        program.outputHelp();
        return exitCode.done;
      }
      called = commandIn(program, argv);
      try {
        await program.parseAsync([...argv], { from: 'user' });
        return outcome;
      } catch (error) {
        // commander has printed its message already.
        if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
        throw error;
      }
    },
  };
}

/** The command that a line calls, as it is written: `run`, `cache gc`; empty where it calls none. */
function commandIn(program: Command, argv: readonly string[]): string {
  const path: string[] = [];
  let command = program;
  for (const word of argv) {
    const inner = command.commands.find((each) => each.name() === word);
    if (inner === undefined) break;
    path.push(word);
    command = inner;
  }
  return path.join(' ');
}

/** commander's own words (`error: …`, at times with a suggestion on a second line) in the shape of every other error. */
function sayUsageError({
  text,
  io,
  called,
}: {
  readonly text: string;
  readonly io: Io;
  readonly called: string;
}): void {
  const [message = '', suggestion] = text.trim().split('\n');
  const meant = /^\(Did you mean (.+)\?\)$/.exec(suggestion ?? '')?.[1];
  const help =
    called === ''
      ? 'sweetspot --help lists the commands'
      : `sweetspot ${called} --help shows how it is called, with examples`;
  complain(
    io,
    message.replace(/^error: /, '').replace(/\.$/, ''),
    meant === undefined ? help : `did you mean ${meant}?`,
  );
}

/** Ends the help of each command with its notes and examples. */
function addHelp(command: Command, path: string): void {
  const text = helpText(path);
  if (text !== '') command.addHelpText('after', text);
  for (const inner of command.commands) addHelp(inner, `${path} ${inner.name()}`.trim());
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([], 'none')
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}

function cacheOption(): Option {
  return new Option('--cache <dir>', 'the store (default: .sweetspot in the workspace, or $SWEETSPOT_CACHE)');
}

function inStore(command: Command): Command {
  return command.addOption(cacheOption());
}

function ofRun(command: Command): Command {
  return inStore(command).option('--run <run>', 'of this run (default: the latest)');
}
