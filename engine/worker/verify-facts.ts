import type { Facts, Scalar } from '../contract/scalar.ts';

/** Sums of counts may be divided in another order than the plan's. */
const relativeTolerance = 1e-9;

/**
 * What the task found of its outputs against what the plan promised, as sentences; empty where they agree. Only facts that
 * both sides name are compared.
 */
export function findBrokenPromises(
  promised: { readonly [output: string]: Facts },
  stated: ReadonlyMap<string, Facts>,
): readonly string[] {
  const broken: string[] = [];
  for (const [output, facts] of stated) {
    for (const [fact, found] of Object.entries(facts)) {
      const expected = promised[output]?.[fact];
      if (expected === undefined || agree(expected, found)) continue;
      broken.push(`'${output}' was planned with ${fact} = ${expected}, and came out with ${found}`);
    }
  }
  return broken;
}

function agree(expected: Scalar, found: Scalar): boolean {
  if (typeof expected !== 'number' || typeof found !== 'number') return expected === found;
  return Math.abs(expected - found) <= relativeTolerance * Math.max(1, Math.abs(expected));
}
