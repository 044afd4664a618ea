import { distinct, lineOf, sameSparsity, seriesAbout } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';

export interface ImageScore {
  readonly metric: string;
  /** Null where there is none: the map is zero everywhere, or the image shows no object. */
  readonly value: number | null;
  readonly unit: string;
}

/** The localisation metric that stands under the heatmaps: the first that the study scores. */
export function shownMetric(study: Study): string | undefined {
  return seriesAbout(study, 'localisation')[0]?.metric;
}

/** The localisation of one image's heatmap by each metric, in the study's order; one that did not score the image is left out. */
export function imageScores(
  study: Study,
  at: {
    readonly line: Line;
    readonly seed: string;
    readonly method: string;
    readonly sparsity: number;
    readonly id: string;
  },
): readonly ImageScore[] {
  const series = seriesAbout(study, 'localisation');
  return distinct(series.map(({ metric }) => metric)).flatMap((metric) => {
    const own = series.find(
      (one) => lineOf(study, one) === at.line && one.method === at.method && one.metric === metric,
    );
    const point = own?.points.find((one) => sameSparsity(one.sparsity, at.sparsity));
    const run = point?.runs.find((one) => one.seed === at.seed);
    const value = run?.values[run.items.indexOf(at.id)];
    return own === undefined || value === undefined ? [] : [{ metric, value, unit: own.unit }];
  });
}
