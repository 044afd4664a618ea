import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import { trainKind } from '../../../tasks/train/index.ts';
import { recipes } from '../../../vision/training/recipes.ts';

const resolve = (options: JsonObject): ReturnType<NonNullable<typeof trainKind.resolve>> =>
  trainKind.resolve!({ seed: 0, recipe: {}, preprocessing: {}, ...options });

const recipeOf = (options: JsonObject): unknown => {
  const resolved = resolve(options);
  if (resolved.kind === 'invalid') throw new Error(resolved.message);
  return resolved.options['recipe'];
};

describe("train's recipe", () => {
  it("is the model's own, with the fields given in place of its own", () => {
    expect(recipeOf({ model: 'resnet18' })).toEqual(recipes['imagenet-resnet']);
    expect(recipeOf({ model: 'resnet20', recipe: { epochs: 8 } })).toEqual({
      ...recipes['cifar'],
      epochs: 8,
    });
    expect(recipeOf({ model: 'resnet20', recipe: { name: 'imagenet-resnet', flip: false } })).toEqual({
      ...recipes['imagenet-resnet'],
      flip: false,
    });
  });

  it("stays partial for a checkpoint, which brings the rest, and names a recipe's content where one is named", () => {
    expect(recipeOf({ recipe: { epochs: 3 } })).toEqual({ epochs: 3 });
    expect(recipeOf({ recipe: { name: 'cifar', epochs: 3 } })).toEqual({ ...recipes['cifar'], epochs: 3 });
  });

  it('is written the same way, whichever of its defaults are spelt out', () => {
    const spelt = {
      mixup: 0,
      ema: null,
      accumulate: 1,
      optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
    };
    expect(recipeOf({ model: 'resnet20', recipe: spelt })).toEqual({
      ...recipes['cifar'],
      optimizer: { kind: 'adamw', beta2: 0.95 },
    });
    // What a checkpoint was trained with is not known here, so what is given stands.
    expect(recipeOf({ recipe: { mixup: 0 } })).toEqual({ mixup: 0 });
  });

  it('goes on at the last rate of a named recipe', () => {
    expect(recipeOf({ recipe: { name: 'imagenet-resnet', epochs: 5, schedule: { kind: 'last' } } })).toEqual({
      ...recipes['imagenet-resnet'],
      epochs: 5,
      learning_rate: expect.closeTo(0.001, 12) as number,
      schedule: { kind: 'constant' },
    });
    expect(recipeOf({ recipe: { schedule: { kind: 'last' } } })).toEqual({ schedule: { kind: 'last' } });
  });

  it('is refused where its fields contradict each other', () => {
    const warmup = { kind: 'linear', epochs: 9, factor: 0.1 };
    expect(resolve({ model: 'resnet20', recipe: { epochs: 8, warmup } })).toMatchObject({
      kind: 'invalid',
      path: ['recipe', 'warmup'],
    });
    const crop = { kind: 'resized', scale: [1, 0.08], ratio: [0.75, 1.33] };
    expect(resolve({ model: 'resnet20', recipe: { crop } })).toMatchObject({
      kind: 'invalid',
      path: ['recipe', 'crop'],
    });
    const schedule = { kind: 'last' };
    for (const model of [{}, { model: 'resnet20' }])
      expect(resolve({ ...model, recipe: { learning_rate: 0.01, schedule } })).toMatchObject({
        kind: 'invalid',
        path: ['recipe', 'learning_rate'],
      });
  });
});

describe("train's epochs", () => {
  it('are within the recipe, as far as it is known', () => {
    const path = (options: JsonObject): unknown => {
      const resolved = resolve({ recipe: { epochs: 8 }, from_epoch: 0, ...options });
      return resolved.kind === 'invalid' ? resolved.path : resolved.kind;
    };
    const model = 'resnet20';
    expect(path({ model, to_epoch: 8 })).toBe('resolved');
    expect(path({ model, to_epoch: 9 })).toEqual(['to_epoch']);
    expect(path({ model, from_epoch: 7 })).toBe('resolved');
    expect(path({ model, from_epoch: 8 })).toEqual(['from_epoch']);
    expect(path({ model, from_epoch: 2, to_epoch: 2 })).toEqual(['from_epoch']);
    expect(path({ recipe: {}, from_epoch: 8 })).toBe('resolved');
  });

  it('are what an estimate counts', () => {
    const epochs = (options: JsonObject): unknown => trainKind.traits!({ options, inputs: {} })['epochs'];
    expect(epochs({ recipe: { epochs: 8 }, from_epoch: 2 })).toBe(6);
    expect(epochs({ recipe: {}, from_epoch: 1, to_epoch: 5 })).toBe(4);
    expect(epochs({ recipe: {}, from_epoch: 1 })).toBeUndefined();
  });
});

describe("train's rewinding", () => {
  it('needs a checkpoint, and an earlier one of the same model', () => {
    const problem = (options: JsonObject, inputs: Record<string, Record<string, string | number>>): unknown =>
      trainKind.check!({ options, inputs })?.message;
    const early = { model: 'resnet20', classes: 16, sparsity: 0 };
    expect(problem({ model: 'resnet20' }, {})).toBeUndefined();
    expect(problem({}, { rewind_to: early, model: { ...early, sparsity: 0.5 } })).toBeUndefined();
    expect(problem({}, { rewind_to: {}, model: early })).toBeUndefined();
    expect(problem({ model: 'resnet20' }, { rewind_to: early })).toContain('resnet20 is a fresh model');
    expect(problem({}, { rewind_to: early, model: { ...early, classes: 10 } })).toBe(
      'it has classes 16, and what is trained has classes 10',
    );
  });
});

describe("train's facts", () => {
  const facts = (options: JsonObject, inputs: JsonObject): unknown =>
    trainKind.facts!({ options, inputs: inputs as Record<string, Record<string, string | number>> })['model'];

  it('are those of a dense model for a name', () => {
    expect(facts({ model: 'resnet20' }, { data: { classes: 16 } })).toEqual({
      model: 'resnet20',
      classes: 16,
      sparsity: 0,
    });
    expect(facts({ model: 'resnet20', classes: 10 }, { data: {} })).toEqual({
      model: 'resnet20',
      classes: 10,
      sparsity: 0,
    });
    expect(facts({ model: 'resnet20' }, { data: {} })).toEqual({ model: 'resnet20', sparsity: 0 });
  });

  it("are the checkpoint's own for a checkpoint", () => {
    const model = { model: 'resnet18', classes: 7, sparsity: 0.36, other: 1 };
    expect(facts({}, { model, data: { classes: 7 } })).toEqual({
      model: 'resnet18',
      classes: 7,
      sparsity: 0.36,
    });
  });

  it('shrink to one step in a smoke run', () => {
    const smoked = trainKind.smoke!({
      model: 'resnet20',
      recipe: { ...recipes['cifar'] } as unknown as JsonObject,
      from_epoch: 2,
      to_epoch: 5,
    });
    expect(smoked).not.toHaveProperty('to_epoch');
    expect(smoked).toMatchObject({
      images: 8,
      from_epoch: 0,
      recipe: { epochs: 1, batch: 8, momentum: 0.9 },
    });
  });
});
