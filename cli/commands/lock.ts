import { compareOutputs } from '../../engine/lock/compare-lock.ts';
import type { StandingResult } from '../../engine/lock/make-lock.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import { assessPlan } from '../../engine/run/assess-plan.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { LockFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { lockPath, readLock } from '../lock-file.ts';
import { keyDifferences, lockResults, sayDifferences, sayOutcome } from '../locked-run.ts';
import { prepare } from '../prepare.ts';
import type { Prepared } from '../prepare.ts';
import { sayDocument } from '../say-json.ts';

/** Writes `STUDY.lock` from what is cached, or (`--check`) compares with it. Runs nothing. */
export async function lockCommand(request: {
  readonly file: string;
  readonly flags: LockFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  return flags.check === true
    ? checkLock(ready, io)
    : lockResults({ ready, results: await standing(ready), io });
}

async function checkLock(ready: Prepared, io: Io): Promise<ExitCode> {
  const read = await readLock(ready.plan.file, io);
  if (read.kind === 'exit') return read.code;
  const { plan, store } = ready;
  const comparing = { ready, lock: read.lock, wanted: new Set(plan.tasks.keys()) };
  const keys = await keyDifferences(comparing);
  const results = await standing(ready);
  const outputs = await compareOutputs({ plan, store, results, ...comparing });
  const compared = { ...outputs, differences: [...keys, ...outputs.differences] };
  const { differences, same, follow, unknown } = compared;
  if (io.json === true)
    sayDocument(io, { format: 1, lock: lockPath(plan.file), same, follow, unknown, differences });
  else {
    sayDifferences({ ready, differences, io });
    sayOutcome({ ready }, compared, io);
  }
  return differences.length + follow + unknown === 0 ? exitCode.done : exitCode.taskFailed;
}

/** What stands for each task in the cache, as far as keys can be known. */
async function standing({ plan, registry, store }: Prepared): Promise<ReadonlyMap<TaskId, StandingResult>> {
  const { tasks } = await assessPlan({ plan, registry, store, deviceClass: '' });
  const results = new Map<TaskId, StandingResult>();
  for (const { task, key, outputs } of tasks.values())
    if (key !== undefined && outputs !== undefined) results.set(task, { key, outputs });
  return results;
}
