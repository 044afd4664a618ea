import { eachRun } from '../../engine/run/journal.ts';
import type { RunRecord } from '../../engine/run/journal.ts';
import type { RecordedState } from '../../engine/run/recorded-tasks.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { countsText } from '../counts-text.ts';
import { driverProcess } from '../driver-process.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { LsFlags } from '../flags.ts';
import { colours, columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { jsonFormat } from '../json-format.ts';
import type { RunsDocument } from '../json-output.ts';
import { sayDocument } from '../say-json.ts';
import { ago } from '../moment.ts';
import { prepareStore } from '../prepare.ts';
import { formatBytes, formatDuration, plural } from '../progress/duration.ts';
import { runState, runStates } from '../run-state.ts';
import { runStateText } from '../state-text.ts';
import { taskRows, taskTable } from '../task-table.ts';
import { shownPath } from '../workspace.ts';

const usualLimit = 20;
const taskStates: readonly RecordedState[] = [
  'cached',
  'done',
  'failed',
  'blocked',
  'running',
  'waiting',
  'pending',
];

/** The runs recorded in the store, the newest first; or, of one run, the tasks that an address names. */
export async function lsCommand(request: {
  readonly address: string | undefined;
  readonly flags: LsFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { address, flags, io } = request;
  const limit = flags.all === true ? Infinity : Number(flags.limit ?? usualLimit);
  if (Number.isNaN(limit) || limit < 1) {
    complain(io, `--limit: '${flags.limit ?? ''}' is not a count`, 'e.g. --limit 50, or --all');
    return exitCode.usage;
  }
  const states = flags.state?.split(',');
  const known: readonly string[] = address === undefined && flags.run === undefined ? runStates : taskStates;
  const wrong = states?.find((state) => !known.includes(state));
  if (wrong !== undefined) {
    complain(io, `--state: there is no state '${wrong}'`, `there is ${known.join(', ')}`);
    return exitCode.usage;
  }
  return address === undefined && flags.run === undefined
    ? listRuns({ flags, states, limit, io })
    : listTasks({ address, flags, states, limit, io });
}

async function listRuns(request: {
  readonly flags: LsFlags;
  readonly states: readonly string[] | undefined;
  readonly limit: number;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, states, limit, io } = request;
  const ready = await prepareStore({ flags, io });
  if (ready.kind === 'exit') return ready.code;
  const runs: RunRecord[] = [];
  let more = false;
  for await (const run of eachRun(ready.store.runsDir)) {
    if (states?.includes(runState(run)) === false) continue;
    if (flags.study !== undefined && run.study !== flags.study) continue;
    if (runs.length >= limit) {
      more = true;
      break;
    }
    runs.push(run);
  }
  if (flags.json === true) {
    sayDocument(io, { format: jsonFormat, kind: 'runs', runs: runs.map(runDocument) });
    return exitCode.done;
  }
  if (runs.length === 0) {
    const filtered = states !== undefined || flags.study !== undefined;
    say(io, filtered ? 'no run is like that' : 'no runs yet: sweetspot run STUDY makes one');
    return exitCode.done;
  }
  const title = ['state', 'run', 'study', 'started', 'took', 'tasks', 'file'].map((text) =>
    colours.dim(text),
  );
  say(io, columns([title, ...runs.map((run) => runRow(run, io))]));
  if (more) say(io, colours.dim(`\nthe newest ${runs.length}; --limit N or --all for more`));
  return exitCode.done;
}

function runDocument(record: RunRecord): RunsDocument['runs'][number] {
  const { run, study, file, startedAt, driver, sources, outcome, lastAt, end, resumedBy, imported } = record;
  return {
    ...{ run, study, file, startedAt, state: runState(record), outcome, lastAt, end },
    driver: driverProcess(driver),
    ...(sources === undefined ? {} : { sources }),
    ...(resumedBy === undefined ? {} : { resumedBy }),
    ...(imported === undefined ? {} : { imported }),
  };
}

function runRow(run: RunRecord, io: Io): readonly string[] {
  const state = runState(run);
  return [
    runStateText(state),
    run.run,
    run.study,
    ago(run.startedAt),
    run.end === undefined ? '' : run.imported === true ? 'imported' : formatDuration(run.end.durationMs),
    run.end === undefined ? '' : countsText(run.end.counts),
    shownPath(run.file, io.cwd),
  ];
}

async function listTasks(request: {
  readonly address: string | undefined;
  readonly flags: LsFlags;
  readonly states: readonly string[] | undefined;
  readonly limit: number;
  readonly io: Io;
}): Promise<ExitCode> {
  const { address, flags, states, limit, io } = request;
  const chosen = await chooseRecorded({ address, flags, io });
  if (chosen.kind === 'exit') return chosen.code;
  const wanted = chosen.tasks.filter(({ state }) => states?.includes(state) !== false);
  const rows = await taskRows(chosen.store, flags.json === true ? wanted : wanted.slice(0, limit));
  if (flags.json === true) {
    const { run } = chosen.run.record;
    sayDocument(io, { format: jsonFormat, kind: 'tasks', run, tasks: rows });
    return exitCode.done;
  }
  if (wanted.length === 0) {
    say(io, 'no task is like that');
    return exitCode.done;
  }
  say(io, taskTable(rows));
  const sum = rows.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const left = wanted.length - rows.length;
  const more = left > 0 ? `; ${left} more with --all or --limit N` : '';
  say(io, colours.dim(`\n${plural(rows.length, 'task')}, ${formatBytes(sum)}${more}`));
  return exitCode.done;
}
