import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { Facts } from '../../../engine/contract/scalar.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import { freshModel } from '../support/stored-models.ts';
import { runKind } from '../support/run-kind.ts';

const resolve = (options: JsonObject) =>
  pruneKind.resolve!({ method: 'global-magnitude', seed: 0, ...options });

describe("prune's options", () => {
  it('take a fraction, a count, or a fifth', () => {
    expect(resolve({})).toMatchObject({ options: { fraction: 0.2 } });
    expect(resolve({ count: 7 })).toEqual({
      kind: 'resolved',
      options: { method: 'global-magnitude', count: 7 },
    });
    expect(resolve({ count: 7, fraction: 0.1 })).toMatchObject({ kind: 'invalid', path: ['count'] });
  });

  it('drop a seed that the method does not read, so that it changes no key', () => {
    expect(resolve({ seed: 3 })).toEqual({
      kind: 'resolved',
      options: { method: 'global-magnitude', fraction: 0.2 },
    });
    expect(resolve({ seed: 3, method: 'random' })).toMatchObject({ options: { seed: 3 } });
  });

  it('leave out all that belongs to other methods, amounts of methods without one too', () => {
    const all = {
      fraction: 0.3,
      pattern: '1:4',
      norm: 2,
      dimension: 1,
      ranking: 'layer',
      batch: 4,
      cut: 'exact',
    };
    expect(resolve({ ...all, method: 'n-m' })).toEqual({
      kind: 'resolved',
      options: { method: 'n-m', pattern: '1:4' },
    });
    expect(resolve({ ...all, method: 'filter-norm' })).toEqual({
      kind: 'resolved',
      options: { method: 'filter-norm', fraction: 0.3, norm: 2, dimension: 1, ranking: 'layer' },
    });
    expect(resolve({ ...all, method: 'taylor' })).toMatchObject({ options: { batch: 4, batches: 16 } });
    expect(resolve({ ...all, method: 'taylor', batches: 2 })).toMatchObject({ options: { batches: 2 } });
  });

  it('take the layers to leave out in any order', () => {
    expect(resolve({ exclude: ['fc', 'conv1'] })).toMatchObject({ options: { exclude: ['conv1', 'fc'] } });
  });

  it('ask for a slot where a method computes', () => {
    const { resources } = pruneKind;
    if (typeof resources !== 'function') throw new Error('the same for all methods');
    expect(resources({ method: 'snip' })).toEqual({ slots: 1 });
    expect(resources({ method: 'random' })).toEqual({ slots: 0, cpu: 1 });
  });
});

describe("prune's facts", () => {
  const sparsities = (model: string, classes: number, rounds: number): unknown[] => {
    let facts: Record<string, string | number | boolean> = { model, classes, sparsity: 0 };
    return Array.from({ length: rounds }, () => {
      facts = pruneKind.facts!({ options: { fraction: 0.2 }, inputs: { model: facts } })['model']!;
      return facts['sparsity'];
    });
  };

  it("are the paper's schedule, exactly", () => {
    const percent = sparsities('resnet18', 1000, 26).map((sparsity) =>
      (100 * (sparsity as number)).toFixed(2),
    );
    expect(percent.slice(0, 6)).toEqual(['20.00', '36.00', '48.80', '59.04', '67.23', '73.79']);
    expect(percent.at(-1)).toBe('99.70');
  });

  it('promise no sparsity where the model or its classes are not known', () => {
    const facts = (model: JsonObject) =>
      pruneKind.facts!({ options: { fraction: 0.2 }, inputs: { model: model as Record<string, string> } })[
        'model'
      ];
    expect(facts({ model: 'resnet18' })).toEqual({ model: 'resnet18' });
    expect(facts({})).toEqual({});
  });
});

describe("what prune's options, model and data get wrong together", () => {
  const check = (options: JsonObject, inputs: Record<string, Facts> = {}) =>
    pruneKind.check!({
      options: { method: 'global-magnitude', ...options },
      inputs: { model: { model: 'resnet18', classes: 10, sparsity: 0 }, ...inputs },
    });

  it('is nothing most of the time', () => {
    expect(check({ fraction: 0.2, exclude: ['fc'] })).toBeUndefined();
    expect(check({ method: 'snip', fraction: 0.2 }, { data: { classes: 10 } })).toBeUndefined();
  });

  it('is a method that has no data to look at, or data of other classes', () => {
    expect(check({ method: 'snip' })).toMatchObject({ path: ['data'], hint: 'data: "${{ data.train }}"' });
    expect(check({ method: 'taylor' }, { data: { classes: 16 } })).toMatchObject({
      path: ['data'],
      message: 'the model tells 10 classes apart, the data has 16',
    });
  });

  it('is a layer or a group that the model does not have, or none that is left', () => {
    expect(check({ exclude: ['head'] })).toEqual({
      path: ['exclude'],
      message: "'head' is no layer of resnet18 that could be pruned",
      hint: 'its layers are conv1, layer1.0.conv1, layer1.0.conv2, layer1.1.conv1, layer1.1.conv2, layer2.0.conv1, … and fc',
    });
    expect(check({ include: ['attention-in-projection'] })).toMatchObject({ path: ['include'] });
    expect(check({ exclude: ['*'] })).toMatchObject({ path: ['method'] });
    expect(check({ method: 'n-m', pattern: '1:97' })).toMatchObject({ path: ['method'] });
    expect(check({ method: 'n-m', pattern: '4:2' })).toMatchObject({ path: ['pattern'] });
  });
});

describe('a pruning', () => {
  it('takes a count, and refuses one beyond what is left', async () => {
    const model = await freshModel('resnet20', ['a', 'b']);
    const { stated } = await runKind({
      kind: pruneKind,
      options: { count: 1000, method: 'random' },
      artifacts: { model },
    });
    expect(stated['model']!['sparsity']).toBeCloseTo(1000 / 267_824, 12);
    await expect(
      runKind({ kind: pruneKind, options: { count: 1_000_000 }, artifacts: { model } }),
    ).rejects.toThrow('267824 are left');
  });
});
