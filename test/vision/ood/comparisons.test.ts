import { describe, expect, it } from 'vitest';
import { referenceJson } from '../../support/reference-case.ts';
import { errorConsistency } from '../../../vision/ood/error-consistency.ts';
import { textureOf } from '../../../vision/ood/file-names.ts';
import { shapeBias } from '../../../vision/ood/shape-bias.ts';

interface MetricCases {
  readonly cases: readonly {
    /** Decision, true category, file name. */
    readonly observer1: readonly (readonly [string, string, string])[];
    readonly observer2_responses: readonly string[];
    readonly error_consistency: { readonly [name: string]: number };
    readonly shape_bias: { readonly [name: string]: number };
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

  it('name what they cannot say', () => {
    expect(errorConsistency([], [])).toBeUndefined();
    expect(errorConsistency([true, true], [true, true])!.kappa).toBe(1);
    expect(shapeBias([{ decision: 'cat', shape: 'cat', texture: 'cat' }])).toBeUndefined();
    expect(shapeBias([{ decision: 'dog', shape: 'cat', texture: 'car' }])!.bias).toBeUndefined();
  });
});
