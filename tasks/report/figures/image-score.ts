import { lineOf, sameSparsity, seriesAbout } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';

export interface ImageScore {
  readonly value: number;
  readonly unit: string;
}

/** The localisation metric that stands under the heatmaps: the first that the study scores. */
export function shownMetric(study: Study): string | undefined {
  return seriesAbout(study, 'localisation')[0]?.metric;
}

/** The localisation of one image's heatmap; undefined where the study did not score it. */
export function imageScore(
  study: Study,
  at: {
    readonly line: Line;
    readonly seed: string;
    readonly method: string;
    readonly sparsity: number;
    readonly id: string;
  },
): ImageScore | undefined {
  const series = seriesAbout(study, 'localisation').find(
    (one) => lineOf(study, one) === at.line && one.method === at.method && one.metric === shownMetric(study),
  );
  const point = series?.points.find((one) => sameSparsity(one.sparsity, at.sparsity));
  const run = point?.runs.find((one) => one.seed === at.seed);
  const place = run?.items.indexOf(at.id) ?? -1;
  const value = run?.values[place] ?? null;
  return series === undefined || value === null ? undefined : { value, unit: series.unit };
}
