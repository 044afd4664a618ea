import { describe, expect, it } from 'vitest';
import { describedModel, modelNames } from '../../../vision/models/catalogue.ts';
import { initialValues } from '../../../vision/models/initialise.ts';
import { isParameter, prunableTotal, sizeOf } from '../../../vision/models/layout.ts';
import { hashFill, hashUniform } from '../../support/hash-fill.ts';
import { referenceJson } from '../../support/reference-case.ts';

interface Keys {
  model: string;
  n_parameters: number;
  n_prunable_conv2d_plus_linear: number;
  prunable_modules_in_named_modules_order: { name: string; shape: number[] }[];
  state_dict: [string, number[], string][];
}

describe.each(['resnet18', 'resnet50'])('the layout of %s', (name) => {
  const reference = referenceJson(`models/keys_${name}.json`) as Keys;
  const entries = describedModel(name)!.layout({ classes: 1000 });

  it("has torchvision's names and shapes, in its order", () => {
    expect(entries.map((entry) => [entry.name, entry.shape])).toEqual(
      reference.state_dict.map(([key, shape]) => [key, shape]),
    );
    const parameters = entries.filter(isParameter);
    expect(parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(reference.n_parameters);
  });

  it('prunes all Conv2d and Linear weights, in module order', () => {
    expect(prunableTotal(entries)).toBe(reference.n_prunable_conv2d_plus_linear);
    expect(entries.filter((entry) => entry.prunable).map(({ name: key, shape }) => [key, shape])).toEqual(
      reference.prunable_modules_in_named_modules_order.map(({ name: key, shape }) => [
        `${key}.weight`,
        shape,
      ]),
    );
  });

  it('does not depend on the dilation', () => {
    expect(describedModel(name)!.layout({ classes: 1000, dilation: 2 })).toEqual(entries);
  });
});

describe('fresh weights', () => {
  const { layout, initialisation } = describedModel('resnet18')!;
  const entries = layout({ classes: 10 });
  const values = initialValues({ entries, initialisation, seed: 3 });
  const deviation = (name: string): number => {
    const of = values.get(name)!;
    const mean = of.reduce((a, b) => a + b) / of.length;
    return Math.sqrt(of.reduce((sum, value) => sum + (value - mean) ** 2, 0) / of.length);
  };

  it('have the spread that torchvision gives them', () => {
    // normal with variance 2 / fan-out: 64 x 7 x 7, and 512 x 3 x 3
    expect(deviation('conv1.weight')).toBeCloseTo(Math.sqrt(2 / (64 * 49)), 3);
    expect(deviation('layer4.0.conv1.weight')).toBeCloseTo(Math.sqrt(2 / (512 * 9)), 4);
    // uniform in ±1 / sqrt(512)
    expect(deviation('fc.weight')).toBeCloseTo(1 / Math.sqrt(512 * 3), 3);
    expect(Math.max(...values.get('fc.bias')!.map(Math.abs))).toBeLessThan(1 / Math.sqrt(512));
    expect(values.get('bn1.weight')!.every((value) => value === 1)).toBe(true);
    expect(values.get('bn1.bias')!.every((value) => value === 0)).toBe(true);
    expect(values.get('bn1.running_var')!.every((value) => value === 1)).toBe(true);
  });

  it('depend on the seed alone', () => {
    const fresh = (seed: number): Float32Array =>
      initialValues({ entries: entries.slice(0, 6), initialisation, seed }).get('conv1.weight')!;
    expect(fresh(3)).toEqual(values.get('conv1.weight'));
    expect(fresh(4)).not.toEqual(fresh(3));
  });
});

describe('the catalogue', () => {
  it('names each model once', () => {
    expect(new Set(modelNames()).size).toBe(modelNames().length);
    expect(describedModel('resnet21')).toBeUndefined();
  });
});

describe('the hash fill of reference cases', () => {
  it('gives the reference vectors', () => {
    const vectors = referenceJson('models/hashfill_test_vectors.json') as Record<string, number[]>;
    for (const seed of [1, 4294967295, 101000304])
      vectors[`u_seed_${seed}`]!.forEach((value, index) => expect(hashUniform(seed, index)).toBe(value));
    const filled = vectors['fill_seed_5_scale_0_3_offset_0_7']!;
    expect([...hashFill({ seed: 5, count: filled.length, scale: 0.3, offset: 0.7 })]).toEqual(filled);
  });
});
