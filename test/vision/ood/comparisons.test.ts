import { describe, expect, it } from 'vitest';
import { referenceJson } from '../../support/reference-case.ts';
import { compareObservers } from '../../../vision/ood/compare-observers.ts';
import { errorConsistency } from '../../../vision/ood/error-consistency.ts';
import { textureOf } from '../../../vision/ood/file-names.ts';
import { accuracyOf, confusionOf, responseEntropy } from '../../../vision/ood/response-statistics.ts';
import { shapeBias } from '../../../vision/ood/shape-bias.ts';

interface MetricCases {
  readonly cases: readonly {
    /** Decision, true category, file name. */
    readonly observer1: readonly (readonly [string, string, string])[];
    readonly observer2_responses: readonly string[];
    readonly error_consistency: { readonly [name: string]: number };
    readonly shape_bias: { readonly [name: string]: number };
    readonly accuracy1: number;
    readonly accuracy2: number;
    readonly acc_difference_squared: number;
    readonly entropy: number;
    /** -1 where a category was not shown. */
    readonly confusion_percent_own_formula: {
      readonly rows: readonly string[];
      readonly cols: readonly string[];
      readonly values: readonly (readonly number[])[];
    };
  }[];
}

const { cases } = referenceJson('ood/metrics.json') as MetricCases;

describe('comparisons of observers', () => {
  it.each(cases)('case %# has the reference error consistency and shape bias', (each) => {
    const truth = each.observer1.map(([, category]) => category);
    const found = errorConsistency(
      each.observer1.map(([decision, category]) => decision === category),
      each.observer2_responses.map((decision, i) => decision === truth[i]),
    )!;
    expect(found.observed).toBeCloseTo(each.error_consistency['observed-consistency']!, 12);
    expect(found.expected).toBeCloseTo(each.error_consistency['expected-consistency']!, 12);
    expect(found.kappa).toBeCloseTo(each.error_consistency['error-consistency']!, 12);

    const trials = each.observer1.map(([decision, shape, fileName]) => ({
      decision,
      shape,
      texture: textureOf(fileName)!,
    }));
    const bias = shapeBias(trials)!;
    expect(bias.bias).toBeCloseTo(each.shape_bias['shape-bias']!, 12);
    expect(bias.shapeShare).toBeCloseTo(each.shape_bias['fraction-correct-shape']!, 12);
    expect(bias.textureShare).toBeCloseTo(each.shape_bias['fraction-correct-texture']!, 12);
  });

  it.each(cases)('case %# has the reference accuracies, entropy and confusion', (each) => {
    const answers = each.observer1.map(([response, category]) => ({ response, category }));
    const others = answers.map(({ category }, i) => ({ category, response: each.observer2_responses[i]! }));
    expect(accuracyOf(answers)).toBeCloseTo(each.accuracy1, 12);
    expect(accuracyOf(others)).toBeCloseTo(each.accuracy2, 12);
    const right = (all: typeof answers): boolean[] =>
      all.map(({ response, category }) => response === category);
    const pair = compareObservers(right(answers), right(others))!;
    expect(pair.accuracyDifference).toBeCloseTo(each.acc_difference_squared, 12);
    expect(pair.errorConsistency).toBeCloseTo(each.error_consistency['error-consistency']!, 12);
    expect(responseEntropy(answers)).toBeCloseTo(each.entropy, 12);
    const { rows, columns, percent } = confusionOf(answers);
    const expected = each.confusion_percent_own_formula;
    expect([rows, columns]).toEqual([expected.rows, expected.cols]);
    percent.forEach((row, r) => {
      row.forEach((value, c) => {
        expect(value ?? -1).toBeCloseTo(expected.values[r]![c]!, 6);
      });
    });
  });

  it('name what they cannot say', () => {
    expect(errorConsistency([], [])).toBeUndefined();
    expect(compareObservers([], [])).toBeUndefined();
    expect(accuracyOf([])).toBeUndefined();
    expect(responseEntropy([])).toBeUndefined();
    expect(errorConsistency([true, true], [true, true])!.kappa).toBe(1);
    expect(shapeBias([{ decision: 'cat', shape: 'cat', texture: 'cat' }])).toBeUndefined();
    expect(shapeBias([{ decision: 'dog', shape: 'cat', texture: 'car' }])!.bias).toBeUndefined();
  });
});
