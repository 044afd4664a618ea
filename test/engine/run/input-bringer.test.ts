import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';
import type { Store } from '../../../cache/store.ts';
import type { PlannedTask } from '../../../engine/plan/plan.ts';
import { InputBringer } from '../../../engine/run/input-bringer.ts';
import { openRig } from '../support/rig.ts';

const task = (id: string): PlannedTask => ({ id }) as PlannedTask;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A store with a remote that brings one artifact each time it is let. */
function slowStore() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const bring = async (artifact: Digest, signal: AbortSignal): Promise<void> => {
    begun.push(artifact);
    await new Promise<void>((resolve) => {
      ends.push(resolve);
      signal.addEventListener('abort', () => resolve());
    });
  };
  return {
    store: { bring } as unknown as Store,
    begun,
    end: async (): Promise<void> => {
      ends.shift()?.();
      await settle();
    },
  };
}

describe('what tasks read', () => {
  it('comes two tasks at a time, each artifact once, the most urgent task first', async () => {
    const { store, begun, end } = slowStore();
    const urgency = new Map(['a', 'b', 'c', 'd'].map((id, index) => [id, index]));
    const bringer = new InputBringer({
      store,
      priorityOf: ({ id }) => urgency.get(id)!,
      drained: new AbortController().signal,
    });
    const of = (text: string): Digest => digestOf(text);
    const come: string[] = [];
    for (const id of urgency.keys()) void bringer.bring(task(id), [of(id), of(id)]).then(() => come.push(id));
    await settle();
    await end();
    // The first two had begun before anybody else was there.
    expect(begun).toEqual(['a', 'b', 'd'].map(of));
    for (let step = 0; step < 3; step++) await end();
    expect(begun).toEqual(['a', 'b', 'd', 'c'].map(of));
    expect(come).toEqual(['a', 'b', 'd', 'c']);
  });

  it('is waited for no longer once the run is drained', async () => {
    const { store, begun } = slowStore();
    const drain = new AbortController();
    const bringer = new InputBringer({ store, priorityOf: () => 0, drained: drain.signal });
    const all = ['a', 'b', 'c'].map((id) => bringer.bring(task(id), [digestOf(id), digestOf(`${id}2`)]));
    await settle();
    drain.abort();
    await Promise.all(all);
    expect(begun).toEqual([digestOf('a'), digestOf('b')]);
    await bringer.bring(task('d'), [digestOf('d')]);
    expect(begun).toHaveLength(2);
  });

  it('is brought before a task begins, and only for those that are computed', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    const note = { options: { text: 'x', script: '' } };
    const loud = { options: { text: '', script: 'shout' }, inputs: { from: 'a.out' } };
    const first = await rig.run({ tasks: { a: note, b: loud } });
    const happened: string[] = [];
    const bring = (artifact: Digest): Promise<void> => {
      happened.push(artifact);
      return Promise.resolve();
    };
    const louder = { options: { text: 'y', script: 'shout' }, inputs: { from: 'b.out' } };
    await rig.run(
      { tasks: { a: note, b: loud, c: louder } },
      {
        store: { ...rig.store, bring },
        onEvent: (event) => {
          if (event.kind === 'task-started') happened.push(event.task);
        },
      },
    );
    const b = [...first.results].find(([id]) => id === 'b')?.[1];
    expect(happened).toEqual([b !== undefined && 'outputs' in b ? b.outputs['out'] : '', 'c']);
  });
});
