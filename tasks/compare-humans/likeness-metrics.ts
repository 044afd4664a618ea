import type { HumanComparison, HumanMetric } from '../../vision/ood/compare-with-humans.ts';
import type { HumanBaseline } from '../../vision/ood/human-baseline.ts';
import type { ScoredMetric } from '../readings/scores-file.ts';

/** The names under which scores hold the metrics. */
const described: {
  readonly [metric in HumanMetric]: Pick<ScoredMetric, 'unit' | 'higherIsBetter'> & { name: string };
} = {
  errorConsistency: { name: 'error_consistency', unit: 'kappa', higherIsBetter: true },
  observedConsistency: { name: 'observed_consistency', unit: 'fraction', higherIsBetter: true },
  accuracyDifference: { name: 'accuracy_difference', unit: 'squared difference', higherIsBetter: false },
};

/** Each metric with one value an image, and what people reach among themselves. */
export function likenessMetrics(request: {
  readonly compared: HumanComparison;
  readonly baseline: HumanBaseline;
  /** For each image its place among the compared trials; undefined where it is not compared. */
  readonly places: readonly (number | undefined)[];
}): { readonly [metric: string]: ScoredMetric } {
  const { compared, baseline, places } = request;
  const entries = Object.entries(described).map(([key, { name, ...rest }]) => {
    const metric = key as HumanMetric;
    const values = compared.perTrial[metric];
    const people = baseline[metric];
    const scored: ScoredMetric = {
      ...rest,
      // Computed directly, with fewer roundings than the mean of the values, which it is.
      mean: compared[metric],
      ...(people === null ? {} : { people }),
      values: places.map((place) => (place === undefined ? null : (values[place] ?? null))),
    };
    return [name, scored] as const;
  });
  return Object.fromEntries(entries);
}
