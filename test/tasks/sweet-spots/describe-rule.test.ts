import { describe, expect, it } from 'vitest';
import type { DecidedPoint, Decision, Rule } from '../../../tasks/sweet-spots/decision.ts';
import { describeRule } from '../../../tasks/sweet-spots/describe-rule.ts';
import { sweetSpots } from '../../../tasks/sweet-spots/index.ts';
import { defaultRule } from '../../../tasks/sweet-spots/rule.ts';

function decision(seedGains: readonly number[]): Decision {
  const point: DecidedPoint = {
    ...{ sparsity: 0.2, images: 32, missing: 0, score: 0.5, gain: 0.1, interval: null, p: 0.01 },
    ...{ imageInterval: null, seedSpread: null, seedGains, controls: [] },
    verdict: 'sweet-spot',
  };
  return {
    ...{ measure: 'corloc', metric: 'corloc', unit: 'percent', higherIsBetter: true },
    ...{ model: 'resnet20', variant: '', method: null, set: null },
    outcome: { kind: 'decided', points: [point] },
  };
}

const trained = (times: number, scores = 80): readonly Decision[] =>
  Array.from({ length: scores }, () => decision(Array<number>(times).fill(0.1)));

function told(rule: Partial<Rule>, decisions = trained(3), controls: readonly string[] = []): string {
  return describeRule({ ...defaultRule, ...rule }, controls, decisions).join('\n');
}

describe('the rule in words', () => {
  it('says what is done by default, and what is not corrected for', () => {
    const text = told({});
    expect(text).toContain(
      'the 95 % interval of the gain over other images and other trainings lies above zero',
    );
    expect(text).toContain('max-T');
    expect(text).toContain('2.5 % are expected to show a sweet spot by chance: 2 of 80');
    expect(text).toContain('Controls: none was given');
  });

  it('follows each option', () => {
    expect(told({ correction: 'bonferroni' })).toContain('Bonferroni');
    expect(told({ correction: 'bonferroni' })).not.toContain('max-T');
    expect(told({ correction: 'none' })).toContain(
      'each is judged by itself. Where many are tried, some pass by luck',
    );
    expect(told({ correction: 'none' })).not.toContain('of 80');
    const spread = told({ over_seeds: 'spread' });
    expect(spread).toContain('larger than the sample standard deviation');
    expect(spread).not.toContain('other trainings lies above zero');
    expect(told({ confidence: 0.9, resamples: 2000 })).toMatch(
      /the 90 % interval[^]*2,000 times[^]*5 % are expected/,
    );
    expect(told({}, trained(3), ['shuffled-masks'])).toContain(
      'Controls (shuffled-masks): a sweet spot passes one where',
    );
  });

  it('says of a study with one training that it knows of no other', () => {
    expect(told({}, trained(1))).toContain('each model was trained once');
    expect(told({}, trained(1))).not.toContain('other trainings lies above zero');
    expect(told({}, [...trained(1), ...trained(2)])).not.toContain('trained once');
  });

  it('has one source for its defaults', () => {
    const { properties } = sweetSpots.options as { properties: { [name: string]: { default: unknown } } };
    for (const [name, value] of Object.entries(defaultRule)) expect(properties[name]!.default).toEqual(value);
    expect(Object.keys(properties).sort()).toEqual([...Object.keys(defaultRule), 'seed_axes'].sort());
  });
});
