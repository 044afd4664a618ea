/** The mean of a table of runs by units, and what its variance is made of. */
export interface TwoWayError {
  readonly mean: number;
  readonly runs: number;
  readonly units: number;
  /** Of the mean, from the scatter of the runs' means. Zero for one run: then nothing is known of other trainings. */
  readonly fromRuns: number;
  /** Of the mean, from the scatter of the units' means. */
  readonly fromUnits: number;
  /** What a run and a unit have neither by themselves; it is part of both of the above, and counts once. */
  readonly fromBoth: number;
  /** Of the mean over other runs and other images. */
  readonly variance: number;
  /** Satterthwaite's degrees of freedom of that variance. */
  readonly df: number;
  /** Of each unit, its mean over the runs less the mean. */
  readonly unitDeviations: Float64Array;
}

/**
 * The standard error of a mean over runs (trainings) and units (images), both drawn at random and crossed: every run sees
 * the same images. Two-way analysis of variance, as for readers and cases in studies of diagnostic imaging (Obuchowski
 * and Rockette 1995; degrees of freedom as Hillis 2007, with those of the images besides):
 *
 *     variance = max(Vr, Ve) + max(Vu - Ve, 0),    Vr, Vu, Ve: mean squares of runs, units and the rest over all cells
 *
 * The mean square of runs is expected to be no smaller than that of the rest; where it is, chance made it so, hence the
 * first maximum. By it the result is never smaller than the variance over images alone, Vu.
 *
 * `table` has one row a run and one column a unit, no holes; at least one row and one column.
 */
export function twoWayError(table: readonly ArrayLike<number>[]): TwoWayError {
  const runs = table.length;
  const units = table[0]?.length ?? 0;
  if (units === 0) throw new RangeError('a table needs at least one run and one unit');
  const byRun = table.map((row) => average(row));
  const byUnit = new Float64Array(units);
  for (const row of table) for (let i = 0; i < units; i++) byUnit[i]! += row[i]! / runs;
  const mean = average(byRun);
  let rest = 0;
  table.forEach((row, s) => {
    for (let i = 0; i < units; i++) rest += (row[i]! - byRun[s]! - byUnit[i]! + mean) ** 2;
  });
  const fromRuns = runs < 2 ? 0 : squares(byRun, mean) / (runs * (runs - 1));
  const fromUnits = units < 2 ? 0 : squares(byUnit, mean) / (units * (units - 1));
  const fromBoth = runs < 2 || units < 2 ? 0 : rest / ((runs - 1) * (units - 1) * runs * units);
  const unitDeviations = byUnit.map((value) => value - mean);
  const known = { mean, runs, units, fromRuns, fromUnits, fromBoth, unitDeviations };
  return { ...known, ...total(known) };
}

function total(found: Omit<TwoWayError, 'variance' | 'df'>): Pick<TwoWayError, 'variance' | 'df'> {
  const { runs, units, fromBoth } = found;
  const ofRuns = Math.max(found.fromRuns, fromBoth);
  const ofUnits = Math.max(found.fromUnits - fromBoth, 0);
  const variance = ofRuns + ofUnits;
  const below = (runs < 2 ? 0 : ofRuns ** 2 / (runs - 1)) + (units < 2 ? 0 : ofUnits ** 2 / (units - 1));
  // No scatter at all: as few as the fewest.
  const fewest = Math.max(1, runs < 2 ? units - 1 : runs - 1);
  return { variance, df: below > 0 ? variance ** 2 / below : fewest };
}

function average(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function squares(values: ArrayLike<number>, centre: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum;
}
