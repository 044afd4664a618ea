import { mean } from './mean-and-spread.ts';
import type { PairedValues } from './paired-values.ts';
import type { JointGain } from './largest-t.ts';
import { twoWayError } from './two-way-error.ts';
import { unitTable } from './unit-table.ts';

/** The error of each gain, over images and runs; or over images alone (`withRuns` false: the runs are these and no others). */
export function gainErrors(compared: readonly PairedValues[], withRuns: boolean): readonly JointGain[] {
  return compared.map((paired) => {
    const { units, table } = unitTable(paired.gains, paired.clusters);
    const error = twoWayError(withRuns ? table : [columnMeans(table)]);
    return { ...error, deviations: spreadOut(paired, units, error.unitDeviations) };
  });
}

function columnMeans(table: readonly Float64Array[]): Float64Array {
  return table[0]!.map((_, i) => mean(table.map((row) => row[i]!))!);
}

/** A unit's deviation at the place of its first value, so that sparsities with other images left out still match. */
function spreadOut(paired: PairedValues, units: readonly number[], deviations: Float64Array): Float64Array {
  const out = new Float64Array(paired.listed);
  const seen = new Set<number>();
  paired.kept.forEach((place, i) => {
    const unit = units[i]!;
    if (!seen.has(unit)) out[place] = deviations[unit]!;
    seen.add(unit);
  });
  return out;
}
