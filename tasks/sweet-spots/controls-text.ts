import { controlsVerdict } from './decision.ts';
import type { DecidedPoint } from './decision.ts';

/** `passed`, `failed (shuffled-masks)` or `not asked`. */
export function controlsText(point: DecidedPoint): string {
  const failed = point.controls.filter(({ verdict }) => verdict === 'failed');
  const verdict = controlsVerdict(point);
  return verdict === 'failed' ? `failed (${failed.map(({ control }) => control).join('; ')})` : verdict;
}
