import { judgeTogether } from '../../../vision/statistics/largest-t.ts';
import { meanGains } from '../../../vision/statistics/mean-gains.ts';
import type { MeanScore } from '../../../vision/statistics/mean-gains.ts';
import { scoredRuns } from '../../readings/scored-runs.ts';
import type { Decision } from '../../sweet-spots/decision.ts';
import type { MeanIntervals } from './gains.ts';
import { seriesFor } from './lookup.ts';
import type { Study } from './study.ts';

/** From the values of the single images, by the study's rule for its scores. */
export function meanIntervals(study: Study): MeanIntervals {
  const { rule } = study;
  const together = judgeTogether(rule.seed);
  return (decisions, sparsities) => {
    const scores = decisions.flatMap((decision) => meanScore(study, decision) ?? []);
    if (scores.length < decisions.length) return [];
    return meanGains({
      ...rule,
      overSeeds: rule.over_seeds,
      scores,
      sparsities: sparsities.filter((sparsity) => sparsity > 0),
      together,
    }).map(({ sparsity, gain, bounds }) => ({
      sparsity,
      gain: gain.mean,
      interval: [bounds.low, bounds.high],
      images: [gain.low, gain.high],
    }));
  };
}

function meanScore(study: Study, decision: Decision): MeanScore | undefined {
  const series = seriesFor(study, decision);
  if (series === undefined) return undefined;
  const { runs, items, clusters } = scoredRuns(series);
  return { runs, higherIsBetter: decision.higherIsBetter, images: clusters ?? items };
}
