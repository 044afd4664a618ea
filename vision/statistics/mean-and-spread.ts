/** Arithmetic mean; undefined for no values. */
export function mean(values: ArrayLike<number>): number | undefined {
  if (values.length === 0) return undefined;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Sample standard deviation (n - 1 below the line); undefined for fewer than two values. */
export function sampleDeviation(values: ArrayLike<number>): number | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values)!;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** The quantile at `fraction` in 0..1 of ascending values, linear between neighbours (numpy's default). */
export function quantileOfSorted(ascending: ArrayLike<number>, fraction: number): number {
  if (ascending.length === 0) throw new RangeError('a quantile needs at least one value');
  const place = fraction * (ascending.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below]! + (place - below) * (ascending[above]! - ascending[below]!);
}

/** The values that are there: nulls are named cases that have no number. */
export function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
