import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimModel } from './support/claim-model.ts';
import type { Move } from './support/claim-model.ts';

const taker = fc.nat(7);
const steps = fc.record({
  kind: fc.constant('steps' as const),
  taker,
  count: fc.integer({ min: 1, max: 14 }),
});
const crash = fc.record({ kind: fc.constant('crash' as const), taker });
const lapse = fc.record({ kind: fc.constant('lapse' as const), taker });

const options = fc.record({
  takers: fc.integer({ min: 2, max: 8 }),
  rounds: fc.constant(3),
  torn: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
});

function moves(...weighted: readonly fc.WeightedArbitrary<Move>[]): fc.Arbitrary<readonly Move[]> {
  return fc.array(fc.oneof(...weighted), { maxLength: 60, size: 'max' });
}

const numRuns = 5000;

describe('claims, whoever stalls or is killed between any two calls', () => {
  it.each([
    ['have one live owner at most, who keeps his claim', []],
    [
      'have so, too, when an owner is given up for its silence, and comes back',
      [{ weight: 2, arbitrary: lapse }],
    ],
  ])('%s', async (_, more) => {
    const schedules = moves({ weight: 12, arbitrary: steps }, { weight: 1, arbitrary: crash }, ...more);
    await fc.assert(
      fc.asyncProperty(options, schedules, async (given, schedule) => {
        const model = new ClaimModel(given);
        for (const move of schedule) await model.move(move);
        expect(model.violations).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('are given to the one who comes when all others are dead, and who leaves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        options,
        moves({ weight: 12, arbitrary: steps }, { weight: 1, arbitrary: crash }),
        async (given, schedule) => {
          const model = new ClaimModel(given);
          for (const move of schedule) await model.move(move);
          for (const other of model.busy) await model.move({ kind: 'crash', taker: other });
          const last = model.add(1);
          await model.move({ kind: 'steps', taker: last, count: 500 });
          expect(model.busy).toEqual([]);
          expect(model.numbers).toEqual([]);
          expect(model.violations).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are given to everybody in the end, when all go on', async () => {
    await fc.assert(
      fc.asyncProperty(
        options,
        moves({ weight: 1, arbitrary: steps }),
        fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 200 }),
        async (given, schedule, bursts) => {
          const model = new ClaimModel(given);
          for (const move of schedule) await model.move(move);
          for (let turn = 0; turn < 5000 && model.busy.length > 0; turn++) {
            const next = model.busy[turn % model.busy.length]!;
            await model.move({ kind: 'steps', taker: next, count: bursts[turn % bursts.length]! });
          }
          expect(model.busy).toEqual([]);
          expect(model.taken).toBe(given.takers * given.rounds);
          expect(model.numbers).toEqual([]);
          expect(model.violations).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
