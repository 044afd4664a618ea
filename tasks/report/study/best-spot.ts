import { failsControl } from '../../sweet-spots/decision.ts';
import type { DecidedPoint, Decision } from '../../sweet-spots/decision.ts';
import { sweetPoints } from './lookup.ts';

/** A sweet spot of one score. */
export interface Spot {
  readonly decision: Decision;
  readonly point: DecidedPoint;
}

export function spotsOf(decisions: readonly Decision[]): readonly Spot[] {
  return decisions.flatMap((decision) => sweetPoints(decision).map((point) => ({ decision, point })));
}

/** The largest gain among the sweet spots that no control speaks against; undefined where there is none. */
export function bestSpot(spots: readonly Spot[]): Spot | undefined {
  return largestSpot(spots.filter(({ point }) => !failsControl(point)));
}

export function largestSpot(spots: readonly Spot[]): Spot | undefined {
  return [...spots].sort((a, b) => (b.point.gain ?? 0) - (a.point.gain ?? 0))[0];
}
