import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullDisks } from '../cache/full-disks.ts';
import { storeFolders } from '../cache/local/store-folder.ts';
import type { StoreFolder } from '../cache/store.ts';
import type { RunSummary } from '../engine/run/run-plan.ts';
import type { Delivered } from './deliver.ts';
import { exitCode } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { RunFlags } from './flags.ts';
import { colours, complain, say, tell } from './io.ts';
import type { Io } from './io.ts';
import { sayLine } from './say-json.ts';
import { formatBytes, formatDuration, plural } from './progress/duration.ts';
import { failureText, lastWords } from './progress/event-line.ts';
import { shownPath } from './workspace.ts';

/** How many delivered paths are printed. */
const mostPaths = 12;
/** How many failures are told again at the end. */
const mostFailures = 20;

interface Ended {
  readonly study: string;
  readonly store: StoreFolder;
  readonly summary: RunSummary;
  readonly delivery: Delivered;
  /** Where reports were to go. */
  readonly outDir: string;
  readonly flags: RunFlags;
  /** Whether failures have been shown where they still stand. */
  readonly painted: boolean;
  readonly io: Io;
}

/** After the last task: says how it went, what is in the way, and with what code to exit. */
export async function conclude(ended: Ended): Promise<ExitCode> {
  const { summary, delivery, flags, io } = ended;
  if (flags.json === true) sayLine(io, { kind: 'delivered', paths: delivery.files.map(({ path }) => path) });
  else {
    sayFailures(ended);
    saySummary(ended);
  }
  if (delivery.damagedRecord !== undefined)
    tell(io, `${delivery.damagedRecord} was damaged; what lies delivered was compared byte by byte`);
  for (const warning of delivery.warnings) tell(io, `${colours.yellow('!')} ${warning}`);
  const problems = [
    ...delivery.problems,
    ...delivery.lost.map(({ task, message }) => `${task}: ${message}, and still not there`),
  ];
  for (const problem of problems)
    complain(io, problem, 'the results are in the cache; run again to have them copied');
  if (summary.outcome === 'machine' || problems.length > 0) await adviseOnDisks(ended);
  switch (summary.outcome) {
    case 'done':
      return problems.length === 0 ? exitCode.done : exitCode.machine;
    case 'failed':
      return exitCode.taskFailed;
    case 'machine':
      return exitCode.machine;
    case 'interrupted':
      return exitCode.interrupted;
  }
}

/** What to do where the machine stopped the run: a full disk is named with its path. */
async function adviseOnDisks({ store, outDir, io }: Ended): Promise<void> {
  // Parts of a store may be links to other disks.
  const parts = storeFolders.map((name) => join(store.root, name));
  const places = [store.root, ...parts, join(store.root, 'work'), outDir, tmpdir()];
  for (const { path, freeBytes } of await fullDisks(places))
    complain(
      io,
      `the disk of ${path} is full: ${formatBytes(freeBytes)} left`,
      'make room there (`sweetspot cache gc --now` removes what no recent run needs), or name another folder',
    );
  tell(io, 'then run the same command again: what is finished is kept');
}

/** What failed, again: in a log, the lines that said so may be far above. A live picture has left nothing but them. */
function sayFailures({ summary, painted, flags, io }: Ended): void {
  const failed = [...summary.results].flatMap(([id, result]) =>
    result.kind === 'failed' ? [{ id, failure: result.failure }] : [],
  );
  const mark = flags.plain === true ? 'failed:' : colours.red('✗');
  for (const { id, failure } of painted ? [] : failed.slice(0, mostFailures)) {
    tell(io, `${mark} ${id}: ${failureText(failure)}`);
    for (const words of lastWords(failure)) tell(io, `    ${colours.dim(words)}`);
  }
  const [first] = failed;
  if (first === undefined) return;
  if (failed.length > mostFailures)
    tell(io, `all ${failed.length} failures: sweetspot ls --run ${summary.run} --state failed --all`);
  tell(io, colours.dim(`what a task said: sweetspot log ${first.id}`));
}

function saySummary({ study, summary, delivery, flags, io }: Ended): void {
  const { counts, outcome } = summary;
  const wanted = counts.done + counts.cached + counts.failed + counts.blocked + counts.notRun;
  const how =
    outcome === 'interrupted' ? ' interrupted' : outcome === 'machine' ? ' stopped by this machine' : '';
  const mark = outcome === 'done' ? colours.green('✓') : colours.red('✗');
  const parts = [
    `${counts.done} run`,
    `${counts.cached} cached`,
    counts.failed > 0 ? colours.red(`${counts.failed} failed`) : '',
    counts.blocked > 0 ? colours.yellow(`${counts.blocked} blocked`) : '',
    counts.notRun > 0 ? `${counts.notRun} not run` : '',
  ].filter((part) => part !== '');
  say(
    io,
    `${flags.plain === true ? (outcome === 'done' ? 'all done' : 'ended') : mark} ${colours.bold(study)}${how}: ${plural(wanted, 'task')}, ${parts.join(', ')}, ${formatDuration(summary.durationMs)}`,
  );
  for (const { path, address } of delivery.files.slice(0, mostPaths))
    say(io, `  ${shownPath(path, io.cwd)}${address === undefined ? '' : `  (of ${address})`}`);
  if (delivery.files.length > mostPaths)
    say(io, `  and ${delivery.files.length - mostPaths} more beside them`);
  const next = nextStep(summary);
  if (next !== undefined) say(io, `  ${next}`);
}

/** What to do now, where something is left to do. */
function nextStep({ outcome, counts }: RunSummary): string | undefined {
  switch (outcome) {
    case 'done':
    case 'machine':
      return undefined;
    case 'interrupted':
      return 'run the same command again to go on where it stopped';
    case 'failed':
      return counts.done + counts.cached === 0
        ? undefined
        : 'what is done is kept: mend it, and run the same command again';
  }
}
