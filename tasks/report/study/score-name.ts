import { methodLabel, metricLabel, setLabel } from '../page/labels.ts';
import { aspectOf } from './lookup.ts';

interface Score {
  readonly measure: string;
  readonly metric: string;
  readonly method?: string | null | undefined;
  readonly set?: string | null | undefined;
}

/** A score's name within its model: `RMA, Grad-CAM`; `Silhouette`; `CorLoc`. */
export function scoreName(score: Score): string {
  const { measure, method, set } = score;
  const metric = metricLabel(score.metric);
  switch (aspectOf(score)) {
    case 'localisation':
      return method == null ? metric : `${metric}, ${methodLabel(method)}`;
    case 'sets':
      if (score.metric === 'shape_bias') return metric;
      return setLabel(set ?? '') + (mainMetrics.includes(score.metric) ? '' : `, ${metric}`);
    case 'people':
      return `${setLabel(set ?? '')}, ${metric}`;
    case 'discovery':
    case 'accuracy':
      return metric;
    case undefined:
      return [measure, metric].join(', ');
  }
}

/** Metrics that go without saying where the set is named. */
const mainMetrics: readonly string[] = ['accuracy', 'top1'];
