/** How far maps miss what completeness says they sum to, in units of the logit. */
export interface Convergence {
  /** Mean and largest size over the images. */
  readonly meanAbs: number;
  readonly maxAbs: number;
}

/** Undefined where a method promises no sum. */
export function summarise(deltas: readonly number[]): Convergence | undefined {
  if (deltas.length === 0) return undefined;
  const sizes = deltas.map(Math.abs);
  return {
    meanAbs: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
    maxAbs: sizes.reduce((most, size) => Math.max(most, size), 0),
  };
}
