import { mean } from './mean-and-spread.ts';

/** What is drawn at random, as a table for `twoWayError`. */
export interface UnitTable {
  /** The unit of each value. */
  readonly units: readonly number[];
  /** One row a run, one column a unit. */
  readonly table: readonly Float64Array[];
}

/**
 * Values [run][value] by unit: a unit is a value, or a cluster of them (the objects of an image), as what is seen in one
 * image is no independent evidence. The mean over clusters of unequal size is a ratio; here stands its linear
 * part (Cochran 1977, section 6.3): overall mean + clusters / values x the sum of the cluster's deviations from it. Rows keep their means.
 */
export function unitTable(
  perRun: readonly (readonly number[])[],
  clusters: readonly string[] | undefined,
): UnitTable {
  if (clusters === undefined)
    return {
      units: perRun[0]?.map((_, i) => i) ?? [],
      table: perRun.map((values) => Float64Array.from(values)),
    };
  const places = new Map([...new Set(clusters)].map((cluster, unit) => [cluster, unit]));
  const units = clusters.map((cluster) => places.get(cluster)!);
  const centre = mean(perRun.map((values) => mean(values)!))!;
  const table = perRun.map((values) => {
    const row = new Float64Array(places.size).fill(centre);
    values.forEach((value, i) => {
      row[units[i]!]! += ((value - centre) * places.size) / values.length;
    });
    return row;
  });
  return { units, table };
}
