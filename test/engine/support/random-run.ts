import type { Driven } from '../../../engine/run/drive.ts';
import { Watch } from './run-watch.ts';
import type { RandomRun } from './run-watch.ts';

export interface RandomRunEnd {
  readonly driven: Driven;
  /** What must never be, and was. */
  readonly violations: readonly string[];
  /** How much happened, to know that something did. */
  readonly jobs: number;
  readonly drained: boolean;
  readonly quarantined: number;
}

/** How many turns of ten seconds a run may stand still before nobody will ever bring it forward. */
const turnsWaited = 100;

/** Drives a plan to its end with workers that do what chance has them do, and watches. */
export async function runAtRandom(run: RandomRun): Promise<RandomRunEnd> {
  const watch = new Watch(run);
  const driving = watch.drive();
  let driven: Driven | undefined;
  let broken: unknown;
  driving.then(
    (end) => (driven = end),
    (error: unknown) => (broken = error),
  );
  let waited = 0;
  await watch.settled();
  for (let n = 0; driven === undefined && broken === undefined && waited < turnsWaited; n++) {
    if (watch.act(run.choices[n], n)) waited = 0;
    else {
      watch.clock.advance(10_000);
      waited += 1;
    }
    await watch.settled();
  }
  if (broken !== undefined) throw broken as Error;
  if (driven === undefined) throw new Error(`the run stands still: ${watch.standing()}`);
  watch.checkEnd(driven);
  const { violations, jobs, drained, quarantined } = watch;
  return { driven, violations, jobs, drained, quarantined: quarantined.size };
}
