import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '../../cache/store.ts';
import { buildGraph } from '../../engine/plan/graph.ts';
import { eachRun } from '../../engine/run/journal.ts';
import { chooseRun } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import type { StatusFlags } from '../flags.ts';
import { chooseReporter } from '../progress/choose-reporter.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { recordedRun } from '../recorded-run.ts';
import { runState } from '../run-state.ts';
import type { RunState } from '../run-state.ts';
import { formatLine, sayDocument, sayLine } from '../say-json.ts';
import { statusDocument } from '../status/status-document.ts';
import { statusLines } from '../status/status-text.ts';
import { thawView, viewRun } from '../status/run-view.ts';
import type { PlannedView } from '../status/run-view.ts';
import { watchRun } from '../status/watch-run.ts';

/** Among how many of the newest runs others that are live are looked for. */
const mostRuns = 20;
const lookMs = 100;

interface StatusRequest {
  /** As it was named; undefined: the latest. */
  readonly run: string | undefined;
  readonly flags: StatusFlags;
  readonly io: Io;
}

/** How a run stands, or how it ended; with `--watch`, as it goes on. */
export async function statusCommand(request: StatusRequest): Promise<ExitCode> {
  const { io, flags } = request;
  const chosen = await chooseRun({ run: request.run, flags, io });
  if (chosen.kind === 'exit') return chosen.code;
  const { store, run } = chosen;
  if (flags.watch === true) return watch(store, run, request);
  if (flags.json === true) sayDocument(io, statusDocument(await viewRun(store, run), Date.now()));
  else await sayStatus(store, run, { ...request, brief: false });
  return exitCode.done;
}

async function sayStatus(
  store: Store,
  run: RecordedRun,
  request: StatusRequest & { readonly brief: boolean },
): Promise<void> {
  const { io, brief } = request;
  const others = await otherRuns(store, run.record.run);
  const view = await viewRun(store, run);
  const width = io.out.isTTY ? Math.max(20, io.out.columns - 1) : Infinity;
  const options = leadingOn(run, request, others.newest);
  say(io, statusLines(view, { io, nowMs: Date.now(), width, options, brief }).join('\n'));
  if (request.run === undefined && others.live.length > 0)
    say(io, colours.dim(`running as well: ${others.live.join(', ')}`));
}

/** Runs that are live beside this one, and which began last. */
async function otherRuns(
  store: Store,
  run: string,
): Promise<{ readonly newest: string | undefined; readonly live: readonly string[] }> {
  const live: string[] = [];
  let newest: string | undefined;
  let looked = 0;
  for await (const record of eachRun(store.runsDir)) {
    newest ??= record.run;
    if (record.live && record.run !== run) live.push(`${record.run} (${record.study})`);
    if (++looked >= mostRuns) break;
  }
  return { newest, live };
}

/** What a command has to be told to speak of this very run. */
function leadingOn(run: RecordedRun, { flags }: StatusRequest, newest: string | undefined): string {
  const ofRun = newest === run.record.run ? '' : ` --run ${run.record.run}`;
  return `${ofRun}${flags.cache === undefined ? '' : ` --cache ${flags.cache}`}`;
}

/** Shows a run until it ends, from its beginning. The exit code is then that of the run. */
async function watch(store: Store, run: RecordedRun, request: StatusRequest): Promise<ExitCode> {
  const { io, flags } = request;
  const { record } = run;
  const state = runState(record);
  const isGoing = state === 'queued' || state === 'running' || state === 'unknown';
  if (!isGoing && flags.json !== true) {
    await sayStatus(store, run, { ...request, brief: false });
    return codeOf(state);
  }
  const planned = await firstView(store, run);
  if (flags.json === true) sayLine(io, formatLine());
  const left = new AbortController();
  const leave = (): void => left.abort();
  process.once('SIGINT', leave);
  const reporter = chooseReporter({
    plan: planned?.plan ?? { ...record, tasks: new Map(), graph: buildGraph(new Map()) },
    tasks: planned?.tasks ?? [],
    ...{ store, deviceClass: '', flags, io, startedMs: Date.parse(record.startedAt) },
  });
  try {
    const onEvent = reporter.onEvent.bind(reporter);
    await watchRun({ store, run: record.run, onEvent, signal: left.signal });
  } finally {
    process.off('SIGINT', leave);
    reporter.close();
  }
  const now = left.signal.aborted ? undefined : await recordedRun(store, record.run);
  const code = now === undefined ? exitCode.interrupted : codeOf(runState(now.record));
  if (flags.json === true) sayLine(io, { kind: 'exit', code });
  else if (now !== undefined) await sayStatus(store, now, { ...request, brief: reporter.painted === true });
  else tell(io, colours.dim(`run ${record.run} goes on`));
  return code;
}

/** The plan, for which a run that has only just begun is waited for. */
async function firstView(store: Store, run: RecordedRun): Promise<PlannedView | undefined> {
  for (let reading: RecordedRun | undefined = run; reading !== undefined;) {
    const planned = thawView(reading);
    const isToCome = reading.record.live || reading.record.waits === true;
    if (planned !== undefined || !isToCome) return planned;
    await delay(lookMs);
    reading = await recordedRun(store, run.record.run);
  }
  return undefined;
}

/** As the run itself exited; one that was killed came to no good end either. */
function codeOf(state: RunState): ExitCode {
  switch (state) {
    case 'done':
    case 'running':
    case 'queued':
      return exitCode.done;
    case 'failed':
    case 'killed':
    case 'unknown':
      return exitCode.taskFailed;
    case 'machine':
      return exitCode.machine;
    case 'interrupted':
      return exitCode.interrupted;
  }
}
