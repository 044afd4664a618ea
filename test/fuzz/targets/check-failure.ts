import type { WeightsFailure } from '../../../vision/weights/failure.ts';

/** A failure names one of the reasons, in a line that fits a screen. */
export function checkFailure({ reason, detail }: WeightsFailure): void {
  const reasons = [
    'truncated',
    'unknown-format',
    'malformed',
    'forbidden',
    'too-large',
    'no-state-dict',
    'mismatch',
  ];
  if (!reasons.includes(reason)) throw new Error(`refused for ${reason}`);
  if (detail === '' || detail.length > 600) throw new Error(`refused in ${detail.length} characters`);
}
