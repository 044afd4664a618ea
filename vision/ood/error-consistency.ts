/** How alike two observers err on the same trials. */
export interface ErrorConsistency {
  /** Share of trials on which both are right or both are wrong. */
  readonly observed: number;
  /** The same share if they erred independently: p1 p2 + (1 - p1)(1 - p2). */
  readonly expected: number;
  /** (observed - expected) / (1 - expected); 1 where they always agree. */
  readonly kappa: number;
}

/** Error consistency of two observers (Geirhos, Meding and Wichmann 2020, eq. 1-3). Undefined for no trials. */
export function errorConsistency(
  first: readonly boolean[],
  second: readonly boolean[],
): ErrorConsistency | undefined {
  if (first.length !== second.length) throw new RangeError('both observers need the same trials');
  if (first.length === 0) return undefined;
  const share = (count: number): number => count / first.length;
  const observed = share(first.filter((isRight, i) => isRight === second[i]).length);
  const accuracy1 = share(first.filter(Boolean).length);
  const accuracy2 = share(second.filter(Boolean).length);
  const expected = accuracy1 * accuracy2 + (1 - accuracy1) * (1 - accuracy2);
  return { observed, expected, kappa: observed === 1 ? 1 : (observed - expected) / (1 - expected) };
}
