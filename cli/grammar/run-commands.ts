import type {
  DebugFlags,
  DiffFlags,
  LogFlags,
  LsFlags,
  RunChoiceFlags,
  StatusFlags,
  UiFlags,
} from '../flags.ts';
import type { Grammar } from './grammar.ts';
import { inStore, machine, ofRun } from './options.ts';

/** What is asked of runs, and of what they made. */
export function addRunCommands({ program, io, does }: Grammar): void {
  inStore(program.command('status [run]'))
    .description('how a run stands, or how it ended (default: the latest)')
    .option('-w, --watch', 'show it live until it ends; Ctrl-C leaves the run alone')
    .option('--plain', 'with --watch: a few lines of words in place of a live picture')
    .option('--json', 'print as JSON; with --watch, events as lines of JSON')
    .action(
      does(async (run: string | undefined, flags: StatusFlags) =>
        (await import('../commands/status.ts')).statusCommand({ run, flags, io }),
      ),
    );

  inStore(program.command('ui [run]'))
    .description('show a run in a browser as it goes on, with its report so far (default: the latest run)')
    .option('--port <port>', 'to listen on; 0: any that is free', '0')
    .option('--host <address>', 'to listen on; another lets others look', '127.0.0.1')
    .action(
      does(async (run: string | undefined, flags: UiFlags) =>
        (await import('../commands/ui.ts')).uiCommand({ run, flags, io }),
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
        (await import('../commands/diff.ts')).diffCommand({ runs: [before, after], flags, io }),
      ),
    );

  ofRun(program.command('show <what>'))
    .description('a task: what it made, from what, when and where; or what lies under a digest or key')
    .option('--json', 'print as JSON')
    .action(
      does(async (what: string, flags: RunChoiceFlags) =>
        (await import('../commands/show.ts')).showCommand({ what, flags, io }),
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
        (await import('../commands/log.ts')).logCommand({ address, flags, io }),
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
        (await import('../commands/ls.ts')).lsCommand({ address, flags, io }),
      ),
    );

  ofRun(program.command('export <address> <dir>'))
    .description('copy what a task made into a folder')
    .action(
      does(async (address: string, dir: string, flags: RunChoiceFlags) =>
        (await import('../commands/export.ts')).exportCommand({ address, dir, flags, io }),
      ),
    );

  machine(ofRun(program.command('debug <address>')))
    .description('run one task here and now, with its inputs in place, and publish nothing')
    .option('--keep', 'leave its folder, debug/ADDRESS, also where it went well')
    .option('--into <dir>', 'another folder, left as well')
    .action(
      does(async (address: string, flags: DebugFlags) =>
        (await import('../commands/debug.ts')).debugCommand({ address, flags, io }),
      ),
    );
}
