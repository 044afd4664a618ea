import type { Reading } from '../../readings/reading.ts';
import type { DecidedPoint, Decision } from '../../sweet-spots/decision.ts';
import type { Door } from './doors.ts';
import { lineOf, sameSparsity, seriesFor } from './lookup.ts';
import type { Study } from './study.ts';

export type DoorOf = (decision: Decision, point: Pick<DecidedPoint, 'sparsity'>) => Door | undefined;

/** What gains rest on: the runs at their sparsity, and those of the dense model. */
export function doorsIn(study: Study): DoorOf {
  return (decision, point) => meanGainDoor(study, [decision], point);
}

/** Of the mean of some scores of one model. */
export function meanGainDoor(
  study: Study,
  decisions: readonly Decision[],
  { sparsity }: Pick<DecidedPoint, 'sparsity'>,
): Door | undefined {
  const line = lineOf(study, decisions[0]!).index;
  const runs = decisions.map((decision) => runsAt(study, decision, sparsity));
  return study.doors.doorOf(line, runs);
}

function runsAt(study: Study, decision: Decision, sparsity: number): readonly Reading[] {
  const points = seriesFor(study, decision)?.points ?? [];
  const point = points.find((one) => sameSparsity(one.sparsity, sparsity));
  if (point === undefined) return [];
  const dense = points.filter((one) => one.sparsity === 0 && one !== point);
  return [point, ...dense].flatMap((one) => one.runs);
}
