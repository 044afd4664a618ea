import { describe, expect, it } from 'vitest';
import { describedModel, modelNames } from '../../../vision/models/catalogue.ts';
import { isParameter, prunableTotal, sizeOf } from '../../../vision/models/layout.ts';
import { recipeNamed } from '../../../vision/training/recipes.ts';
import { hashFill, hashUniform } from '../../support/hash-fill.ts';
import { referenceJson } from '../../support/reference-case.ts';

interface Keys {
  model: string;
  n_parameters: number;
  n_prunable_conv2d_plus_linear: number;
  prunable_modules_in_named_modules_order: { name: string; shape: number[] }[];
  state_dict: [string, number[], string][];
}

describe.each(['resnet18', 'resnet50', 'vit_b_32', 'swin_v2_t'])('the layout of %s', (name) => {
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
    const dilated = describedModel(name)!.layout({ classes: 1000, dilation: 2 });
    expect(dilated.map((entry) => [entry.name, entry.shape])).toEqual(
      entries.map((entry) => [entry.name, entry.shape]),
    );
  });
});

describe('the catalogue', () => {
  it('names each model once', () => {
    expect(new Set(modelNames()).size).toBe(modelNames().length);
    expect(describedModel('resnet21')).toBeUndefined();
  });

  it('trains each model by a recipe that there is', () => {
    for (const name of modelNames()) expect(recipeNamed(describedModel(name)!.recipe), name).toBeDefined();
  });

  // Counted in torchvision 0.17.2, the last two from its classes with our sizes.
  it.each([
    ['resnet34', 1000, 21_797_672, 21_779_648],
    ['vit_b_16', 1000, 86_567_656, 65_058_816],
    ['swin_v2_s', 1000, 49_737_442, 49_602_048],
    ['vit_mini_4', 10, 811_146, 498_944],
    ['swin_v2_mini', 10, 549_016, 539_136],
  ])('%s has its parameters and prunable weights', (name, classes, parameters, prunable) => {
    const entries = describedModel(name)!.layout({ classes });
    const count = entries.filter(isParameter).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect([count, prunableTotal(entries)]).toEqual([parameters, prunable]);
  });

  it('gives a vision transformer as many position embeddings as its images have patches', () => {
    const positions = (inputSide?: number): number | undefined =>
      describedModel('vit_b_16')!
        .layout({ classes: 10, ...(inputSide === undefined ? {} : { inputSide }) })
        .find(({ name }) => name === 'encoder.pos_embedding')?.shape[1];
    expect([positions(), positions(384), positions(96)]).toEqual([197, 577, 37]);
  });

  it('says how torchvision builds each model that it has', () => {
    const built = (name: string): string | undefined =>
      describedModel(name)!.torchvision?.({ classes: 10, inputSide: 64 });
    expect(built('resnet50')).toBe('torchvision.models.resnet50(num_classes=10)');
    expect(built('vit_mini_4')).toBe(
      'torchvision.models.VisionTransformer(image_size=64, patch_size=4, num_layers=6, num_heads=4, hidden_dim=128, mlp_dim=256, num_classes=10)',
    );
    expect(built('swin_v2_mini')).toContain(
      'embed_dim=48, depths=[2, 4], num_heads=[3, 6], window_size=[4, 4]',
    );
    expect(built('resnet20')).toBeUndefined();
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
