/**
 * Which of many tests stand, so that of those that do a share of at most `rate` is expected to be chance (Benjamini and
 * Hochberg, 1995; for tests that are independent or rise and fall together). In the order of `ps`.
 */
export function falseDiscovery(ps: readonly number[], rate: number): readonly boolean[] {
  const ascending = [...ps].sort((a, b) => a - b);
  let limit = -1;
  ascending.forEach((p, i) => {
    if (p <= ((i + 1) / ascending.length) * rate) limit = p;
  });
  return ps.map((p) => p <= limit);
}
