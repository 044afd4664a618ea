import type { Decision } from '../../sweet-spots/decision.ts';
import { methodLabel, metricLabel, setLabel } from '../page/labels.ts';
import { aspectOf } from './lookup.ts';

/** A score's name within its model: `RMA, Grad-CAM`; `Silhouette`; `CorLoc`. */
export function scoreName(decision: Decision): string {
  const metric = metricLabel(decision.metric);
  switch (aspectOf(decision)) {
    case 'localisation':
      return decision.method === null ? metric : `${metric}, ${methodLabel(decision.method)}`;
    case 'sets':
      if (decision.metric === 'shape_bias') return metric;
      return setLabel(decision.set ?? '') + (mainMetrics.includes(decision.metric) ? '' : `, ${metric}`);
    case 'people':
      return `${setLabel(decision.set ?? '')}, ${metric}`;
    case 'discovery':
    case 'accuracy':
      return metric;
    case undefined:
      return [decision.measure, metric].join(', ');
  }
}

/** Metrics that go without saying where the set is named. */
const mainMetrics: readonly string[] = ['accuracy', 'top1'];
