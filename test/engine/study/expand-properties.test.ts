import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Plan, PlannedTask } from '../../../engine/plan/plan.ts';
import { plan } from '../support/diagnose.ts';
import { agreeing, coordinatesText, randomStudy } from '../support/random-study.ts';
import type { ExpectedTask } from '../support/random-study.ts';
import { essence, randomFrom, shuffleKeys } from '../support/shuffle-keys.ts';

const numRuns = 200;

function instancesOf(of: Plan, { name }: Pick<ExpectedTask, 'name'>): readonly PlannedTask[] {
  return [...of.tasks.values()].filter((task) => task.name === name);
}

function instanceText(name: string, at: PlannedTask['coordinates']): string {
  return `${name} ${coordinatesText(at)}`;
}

/** Every instance of the plan, as text. */
function idText(of: Plan, id: PlannedTask['id']): string {
  const { name, coordinates } = of.tasks.get(id)!;
  return instanceText(name, coordinates);
}

describe('the expansion of any study', () => {
  it('has for each task the instances that its axes make, each once', async () => {
    await fc.assert(
      fc.asyncProperty(randomStudy, async ({ text, tasks }) => {
        const planned = await plan(text);
        for (const task of tasks) {
          const found = instancesOf(planned, task).map(({ coordinates }) => coordinatesText(coordinates));
          expect(new Set(found).size).toBe(found.length);
          expect([...found].sort()).toEqual(task.instances.map(coordinatesText).sort());
        }
        const expected = tasks.reduce((sum, { instances }) => sum + instances.length, 0);
        expect(planned.tasks.size).toBe(expected);
      }),
      { numRuns, endOnFailure: true },
    );
  });

  it('has each read the one at its own place, and `all` every one that agrees with it, in plan order', async () => {
    await fc.assert(
      fc.asyncProperty(randomStudy, async ({ text, tasks }) => {
        const planned = await plan(text);
        const order = new Map([...planned.tasks.keys()].map((id, index) => [id, index]));
        for (const task of tasks) {
          for (const { coordinates, inputs } of instancesOf(planned, task)) {
            const [input] = Object.values(inputs);
            if (task.reads === undefined) expect(input).toBeUndefined();
            else if (task.reads.kind === 'one') {
              const { name, at } = task.reads.from(coordinates);
              expect(input?.kind === 'artifact' && idText(planned, input.from)).toBe(instanceText(name, at));
            } else {
              const items = input?.kind === 'gathered' ? input.items : [];
              const { of } = task.reads;
              const source = tasks.find(({ name }) => name === of)!;
              const expected = agreeing(source.instances, coordinates);
              expect(items.map(({ from }) => idText(planned, from)).sort()).toEqual(
                expected.map((at) => instanceText(of, at)).sort(),
              );
              const places = items.map(({ from }) => order.get(from)!);
              expect(places).toEqual([...places].sort((a, b) => a - b));
            }
          }
        }
      }),
      { numRuns, endOnFailure: true },
    );
  });

  it('gathers over the groups of `per` what `each` takes up one by one: everything, once', async () => {
    await fc.assert(
      fc.asyncProperty(randomStudy, async ({ text, tasks }) => {
        const planned = await plan(text);
        for (const task of tasks) {
          if (task.reads?.kind !== 'all') continue;
          const { of } = task.reads;
          const gathered = instancesOf(planned, task).flatMap(({ inputs }) => {
            const [input] = Object.values(inputs);
            return input?.kind === 'gathered' ? input.items.map(({ from }) => from) : [];
          });
          expect([...gathered].sort()).toEqual(
            instancesOf(planned, { name: of })
              .map(({ id }) => id)
              .sort(),
          );
        }
      }),
      { numRuns, endOnFailure: true },
    );
  });

  it('is an order: whoever reads comes after what it reads, and edges are what is read', async () => {
    await fc.assert(
      fc.asyncProperty(randomStudy, async ({ text }) => {
        const planned = await plan(text);
        const place = new Map(planned.graph.topologicalOrder().map((id, index) => [id, index]));
        expect(place.size).toBe(planned.tasks.size);
        for (const { id, inputs } of planned.tasks.values()) {
          const read = Object.values(inputs).flatMap((input) =>
            input.kind === 'artifact'
              ? [input.from]
              : input.kind === 'gathered'
                ? input.items.map(({ from }) => from)
                : [],
          );
          expect([...planned.graph.producersOf(id)].sort()).toEqual([...new Set(read)].sort());
          for (const from of read) expect(place.get(from)).toBeLessThan(place.get(id)!);
        }
      }),
      { numRuns, endOnFailure: true },
    );
  });

  it('is the same each time, and whatever the order of keys', async () => {
    await fc.assert(
      fc.asyncProperty(randomStudy, fc.integer(), async ({ text }, seed) => {
        const planned = await plan(text);
        expect([...(await plan(text)).tasks.values()]).toEqual([...planned.tasks.values()]);
        const shuffled = stringify(shuffleKeys(parse(text), randomFrom(seed)), { lineWidth: 0 });
        expect(essence(await plan(shuffled))).toEqual(essence(planned));
      }),
      { numRuns: numRuns / 4, endOnFailure: true },
    );
  });
});
