import type { Rule } from './decision.ts';

/** How sweet spots are decided where nothing else is said: the options' defaults, and the rule of a report without a `sweet-spots` task. */
export const defaultRule: Rule = {
  confidence: 0.95,
  resamples: 1000,
  correction: 'max-t',
  over_seeds: 'interval',
  seed: 0,
};
