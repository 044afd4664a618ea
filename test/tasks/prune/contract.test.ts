import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
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
