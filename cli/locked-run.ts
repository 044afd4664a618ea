import { compareKeys, compareOutputs } from '../engine/lock/compare-lock.ts';
import type { ComparedOutputs, LockDifference } from '../engine/lock/compare-lock.ts';
import type { Lock } from '../engine/lock/lock.ts';
import { makeLock } from '../engine/lock/make-lock.ts';
import type { StandingResult } from '../engine/lock/make-lock.ts';
import { Keyer } from '../engine/keys/keyer.ts';
import type { TaskId } from '../engine/plan/plan.ts';
import type { RunEvent } from '../engine/run/events.ts';
import { exitCode } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { colours, complain, say, tell } from './io.ts';
import type { Io } from './io.ts';
import { lockPath, readLock, writeLock } from './lock-file.ts';
import { differenceLines } from './lock-view.ts';
import type { NotReady, Prepared } from './prepare.ts';
import { plural } from './progress/duration.ts';
import { sayLine } from './say-json.ts';
import { packageVersion } from './version.ts';
import { shownPath } from './workspace.ts';

const mostNamed = 5;

interface Comparing {
  readonly ready: Prepared;
  readonly lock: Lock;
  readonly wanted: ReadonlySet<TaskId>;
}

/** The lock, once the study's keys have been held against it: where one differs, all are said and nothing is worth running. */
export async function compareBefore(request: {
  readonly ready: Prepared;
  readonly wanted: ReadonlySet<TaskId>;
  readonly io: Io;
}): Promise<{ readonly kind: 'same'; readonly comparing: Comparing } | NotReady> {
  const { ready, wanted, io } = request;
  const read = await readLock(ready.plan.file, io);
  if (read.kind === 'exit') return read;
  const comparing = { ready, lock: read.lock, wanted };
  const differences = await keyDifferences(comparing);
  if (differences.length === 0) return { kind: 'same', comparing };
  sayDifferences({ ready, differences, io });
  if (io.json === true)
    sayLine(io, {
      kind: 'lock-compared',
      lock: lockPath(ready.plan.file),
      differences: differences.length,
      same: 0,
      follow: 0,
      unknown: wanted.size,
    });
  else tell(io, 'nothing was run');
  return { kind: 'exit', code: exitCode.taskFailed };
}

export function keyDifferences({ ready, lock, wanted }: Comparing): Promise<readonly LockDifference[]> {
  const { plan, registry, store } = ready;
  return compareKeys({ plan, lock, wanted, registry, store, keyer: keyerOf(ready) });
}

/** Says at once, of a task that has its result, where that is not the lock's. */
export function mismatchOf(event: RunEvent, { ready, lock }: Comparing): RunEvent | undefined {
  if (event.kind !== 'task-done' && event.kind !== 'task-cached') return undefined;
  const locked = lock.tasks.get(event.task);
  if (locked === undefined || locked.key !== event.key) return undefined;
  const other = Object.entries(event.outputs).flatMap(([name, digest]) =>
    locked.outputs.get(name) === digest ? [] : [name],
  );
  if (other.length === 0) return undefined;
  const message = `not what ${lockPath(ready.plan.file)} says: ${other.join(', ')}`;
  return { kind: 'warning', at: event.at, task: event.task, message };
}

/** After the run: what came out against what the lock says; exit code 1 where it is not the same. */
export async function compareAfter(request: {
  readonly comparing: Comparing;
  readonly results: ReadonlyMap<TaskId, StandingResult>;
  readonly io: Io;
}): Promise<ExitCode> {
  const { comparing, results, io } = request;
  const { ready, lock, wanted } = comparing;
  const compared = await compareOutputs({ plan: ready.plan, lock, wanted, results, store: ready.store });
  sayDifferences({ ready, differences: compared.differences, io });
  const { same, follow, unknown, differences } = compared;
  if (io.json === true) {
    const counts = { differences: differences.length, same, follow, unknown };
    sayLine(io, { kind: 'lock-compared', lock: lockPath(ready.plan.file), ...counts });
  } else sayOutcome(comparing, compared, io);
  return differences.length + follow + unknown === 0 ? exitCode.done : exitCode.taskFailed;
}

export function sayOutcome(
  { ready }: Pick<Comparing, 'ready'>,
  { differences, same, follow, unknown }: ComparedOutputs,
  io: Io,
): void {
  const shown = shownPath(lockPath(ready.plan.file), io.cwd);
  if (differences.length + follow + unknown === 0) {
    say(io, `${colours.green('✓')} ${shown}: ${plural(same, 'task')}, every output as it says`);
    return;
  }
  const parts = [
    `${same} the same`,
    differences.length > 0 ? `${differences.length} not` : '',
    follow > 0 ? `${follow} that follow from these` : '',
    unknown > 0 ? `${unknown} without a result` : '',
  ].filter((part) => part !== '');
  say(io, `${colours.red('✗')} ${shown}: ${parts.join(', ')}`);
}

export function sayDifferences(request: {
  readonly ready: Prepared;
  readonly differences: readonly LockDifference[];
  readonly io: Io;
}): void {
  const { ready, differences, io } = request;
  if (differences.length === 0) return;
  if (io.json === true) {
    for (const difference of differences) sayLine(io, { kind: 'lock-difference', difference });
    return;
  }
  const study = shownPath(ready.plan.file, io.cwd);
  const lock = shownPath(lockPath(ready.plan.file), io.cwd);
  complain(io, `${study} is not what ${lock} says, in ${plural(differences.length, 'place')}:`);
  const width = io.err.isTTY ? Math.max(40, io.err.columns - 1) : 120;
  for (const line of differenceLines(differences, width)) tell(io, line);
  tell(
    io,
    `  ${colours.dim('way out:')} if that is meant, write the lock anew: sweetspot run ${study} --write-lock`,
  );
}

/** Writes the lock from what stands; exit code 1 where something has no result. */
export async function lockResults(request: {
  readonly ready: Prepared;
  readonly results: ReadonlyMap<TaskId, StandingResult>;
  readonly io: Io;
}): Promise<ExitCode> {
  const { ready, results, io } = request;
  const { plan, store } = ready;
  const made = await makeLock({ plan, store, results, keyer: keyerOf(ready), sweetspot: packageVersion() });
  const path = lockPath(plan.file);
  const shown = shownPath(path, io.cwd);
  if (made.kind === 'incomplete') {
    const named = made.tasks.slice(0, mostNamed).join(', ');
    const more = made.tasks.length > mostNamed ? ` and ${made.tasks.length - mostNamed} more` : '';
    complain(
      io,
      `${shown} was not written: ${plural(made.tasks.length, 'task')} without a result that fits the study as it is: ${named}${more}`,
      `run the study first: sweetspot run ${shownPath(plan.file, io.cwd)} --write-lock`,
    );
    return exitCode.taskFailed;
  }
  const words = await writeLock(plan.file, made.lock);
  if (io.json === true) sayLine(io, { kind: 'lock-written', lock: path, tasks: made.lock.tasks.size });
  else say(io, `${shown} ${words}`);
  return exitCode.done;
}

function keyerOf({ plan, registry, store }: Prepared): Keyer {
  return new Keyer({ plan, registry, store, signal: new AbortController().signal });
}
