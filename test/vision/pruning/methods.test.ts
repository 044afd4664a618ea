import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../vision/models/layout.ts';
import type { PruningAmount } from '../../../vision/pruning/amount.ts';
import { sparsityOf, type Masks } from '../../../vision/pruning/masks.ts';
import type { MethodOptions, PruningMethod } from '../../../vision/pruning/method.ts';
import { pruningMethods } from '../../../vision/pruning/registry.ts';
import {
  denseLayer,
  prunedOf,
  standingOf,
  withPart,
  type Standing,
} from '../../../vision/pruning/standing.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const shapes = new Map([
  ['stem', [8, 3, 3, 3]],
  ['body', [12, 8, 3, 3]],
  ['point', [16, 12, 1, 1]],
  ['head', [10, 16]],
]);
const layers = [...shapes].map(([name, shape]) => ({ name, shape }));

/** Values with many ties, so that their order is put to the test. */
function drawn(seed: number, shift: number): Map<string, Float32Array> {
  const random = randomFrom(seed, shift);
  return new Map(
    layers.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, () => random.integer(9) / 4 - 1),
    ]),
  );
}

function optionsOf(method: PruningMethod, given: MethodOptions = {}): MethodOptions {
  const defaults = Object.entries(method.options).map(([name, schema]) => [name, schema.default]);
  return { ...(Object.fromEntries(defaults) as MethodOptions), ...given };
}

/** Prunes what the method reaches, as a task does. */
function prune(
  method: PruningMethod,
  given: {
    masks: Masks;
    amount: PruningAmount;
    seed: number;
    options: MethodOptions;
    spared?: readonly string[];
  },
): Masks {
  const { masks, amount, seed, options, spared } = given;
  const reached = reachedBy(method, options, spared);
  const of = <T>(all: ReadonlyMap<string, T>): Map<string, T> =>
    new Map(reached.map(({ name }) => [name, all.get(name)!]));
  const values = drawn(seed, 0);
  const scores = new Map([...drawn(seed, 1)].map(([name, score]) => [name, score.map(Math.abs)]));
  const next = method.prune({
    weights: new Map(
      [...of(values)].map(([name, value]) => [
        name,
        value.map((v, i) => (masks.get(name)![i] === 0 ? 0 : v)),
      ]),
    ),
    masks: of(masks),
    shapes,
    amount,
    seed,
    options,
    scores: of(scores),
  });
  return new Map([...masks, ...next]);
}

function reachedBy(method: PruningMethod, options: MethodOptions, spared: readonly string[] = []) {
  return layers
    .filter((layer) => method.reaches?.(layer, { layers, options }) ?? true)
    .filter(({ name }) => !spared.includes(name));
}

const dense = (): Masks =>
  new Map(layers.map(({ name, shape }) => [name, new Uint8Array(sizeOf(shape)).fill(1)]));

describe.each(pruningMethods.map((method) => [method.name, method] as const))(
  'pruning by %s',
  (_, method) => {
    const options = optionsOf(method);
    const request = { amount: { kind: 'fraction', fraction: 0.3 } as const, seed: 5, options };

    it('keeps what is masked, changes no argument, and gives the same masks again', () => {
      const start = dense();
      const first = prune(method, { ...request, masks: start });
      const second = prune(method, { ...request, masks: first });
      expect(start).toEqual(dense());
      expect(sparsityOf(first).pruned).toBeGreaterThan(0);
      expect(prune(method, { ...request, masks: dense() })).toEqual(first);
      for (const [name, mask] of first)
        expect(second.get(name)!.every((alive, index) => alive <= mask[index]!)).toBe(true);
    });

    it('promises the first pruning of a dense model exactly, wherever its rule allows', () => {
      const standing: Standing = { layers: layers.map(denseLayer), pooled: 0 };
      const promised = prunedOf(method.standingAfter(standing, request));
      expect(typeof promised).toBe('number');
    });
  },
);

it('masks are as many, and lie where, the standing after any chain of prunings says', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const amount: fc.Arbitrary<PruningAmount> = fc.oneof(
    fc.record({ kind: fc.constant('fraction' as const), fraction: share }),
    fc.record({ kind: fc.constant('sparsity' as const), sparsity: share }),
    fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 0, max: 1 }) }),
  );
  const variants = pruningMethods.flatMap((method) =>
    variantsOf(method).map((options) => ({ method, options })),
  );
  const excluded = fc.oneof(fc.constant([]), fc.subarray([...shapes.keys()], { maxLength: 1 }));
  const step = fc.tuple(amount, fc.constantFrom(...variants), excluded);
  // Chains of one method, as rounds are, and of any.
  const chain = fc.oneof(
    fc.array(step, { maxLength: 4 }),
    fc
      .tuple(step, fc.integer({ min: 1, max: 5 }))
      .map(([one, times]) => Array.from({ length: times }, () => one)),
  );
  let known = 0;
  fc.assert(
    fc.property(chain, fc.nat(99), (steps, seed) => {
      let masks = dense();
      let standing: Standing = { layers: layers.map(denseLayer), pooled: 0 };
      for (const [size, { method, options }, spared] of steps) {
        if (size.kind === 'count' && tooFewLeft(masks)) return;
        const names = new Set(reachedBy(method, options, spared).map(({ name }) => name));
        masks = prune(method, { masks, amount: size, seed, options, spared });
        const after = method.standingAfter(standingOf(standing, names), { amount: size, options });
        standing = withPart(standing, after);
        const pruned = prunedOf(standing);
        if (pruned !== undefined) known += 1;
        expect(sparsityOf(masks).pruned).toBe(pruned ?? sparsityOf(masks).pruned);
        for (const { name, pruned: inLayer } of standing.layers) {
          const masked = sparsityOf(new Map([[name, masks.get(name)!]])).pruned;
          expect(masked).toBe(inLayer ?? masked);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(known).toBeGreaterThan(200);
});

function variantsOf(method: PruningMethod): readonly MethodOptions[] {
  const choices = Object.entries(method.options).flatMap(([name, { enum: values = [] }]) =>
    values.map((value) => optionsOf(method, { [name]: value })),
  );
  return [optionsOf(method), ...choices];
}

function tooFewLeft(masks: Masks): boolean {
  return [...masks.values()].some((mask) => !mask.includes(1));
}
