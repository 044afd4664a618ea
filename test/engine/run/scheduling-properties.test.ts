import { totalmem } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Resources } from '../../../engine/contract/resources.ts';
import { parseSlots } from '../../../engine/run/slots.ts';
import type { Slot } from '../../../engine/run/slots.ts';
import { sketchPlan } from '../support/plans.ts';
import type { TaskSketch } from '../support/plans.ts';
import { runAtRandom } from '../support/random-run.ts';

const gpus = [0, 1].map((index) => ({ index, uuid: `GPU-${index}`, model: 'NVIDIA H200' }));
const slotsOf = (text: string): readonly Slot[] => {
  const parsed = parseSlots(text, { cores: 4, gpus });
  if (parsed.kind === 'invalid') throw new Error(parsed.message);
  return parsed.slots;
};
const offers = ['cpu:1', 'cpu:2', 'cpu:3', 'gpu:0/2,gpu:1', 'gpu:0,cpu:2', 'gpu:0/3'].map(slotsOf);

const resources: fc.Arbitrary<Resources> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ slots: 1 }) },
  { weight: 1, arbitrary: fc.constant({ slots: 2 }) },
  { weight: 1, arbitrary: fc.constant({ slots: 1, gpu: 1 }) },
  {
    weight: 4,
    arbitrary: fc.record({
      slots: fc.constant(0),
      cpu: fc.integer({ min: 1, max: 3 }),
      memoryBytes: fc.constantFrom(0, Math.floor(totalmem() * 0.4), Math.floor(totalmem() * 0.7)),
    }),
  },
);

const task = fc.record({
  resources,
  retries: fc.nat(2),
  // Few: some tasks have one key, and one of them is computed for all.
  text: fc.nat(6),
  /** Of the tasks before it, which it reads. */
  reads: fc.array(fc.nat(30), { maxLength: 3 }),
  traits: fc.constantFrom({}, { model: 'small' }, { model: 'large' }),
});

/** Any graph: each task reads some before it. */
const tasks = fc.array(task, { minLength: 1, maxLength: 10 }).map((drawn) =>
  Object.fromEntries(
    drawn.map(({ reads, text, ...fields }, index): [string, TaskSketch] => [
      `t${index}`,
      {
        ...fields,
        options: { text: String(text) },
        inputs: Object.fromEntries(
          reads.flatMap((read) => (index === 0 ? [] : [[`i${read % index}`, `t${read % index}.out`]])),
        ),
      },
    ]),
  ),
);

/** Evenly in [0, 1). */
const chance = fc.noBias(fc.nat(2 ** 20 - 1)).map((n) => n / 2 ** 20);

const run = fc.record({
  tasks,
  slots: fc.constantFrom(...offers),
  cores: fc.integer({ min: 1, max: 4 }),
  failFast: fc.boolean(),
  choices: fc.array(chance, { maxLength: 60, size: 'max' }),
});

const numRuns = 10_000;

it('of 10,000 random schedules none breaks a promise, whatever fails, hangs, is left out or drained', async () => {
  const seen = { jobs: 0, drained: 0, quarantined: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(run, async ({ tasks: sketches, ...given }) => {
      const end = await runAtRandom({ plan: sketchPlan({ tasks: sketches }), ...given });
      expect(end.violations).toEqual([]);
      seen.jobs += end.jobs;
      seen.drained += end.drained ? 1 : 0;
      seen.quarantined += end.quarantined;
      seen.failed += end.driven.board.counts().failed;
    }),
    { numRuns },
  );
  // Each of these did happen, and often.
  expect(seen.jobs).toBeGreaterThan(2 * numRuns);
  expect(seen.drained).toBeGreaterThan(numRuns / 10);
  expect(seen.failed).toBeGreaterThan(numRuns / 10);
  expect(seen.quarantined).toBeGreaterThan(numRuns / 100);
}, 300_000);
