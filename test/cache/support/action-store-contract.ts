import { describe, expect, it } from 'vitest';
import type { ActionResult, ActionStore } from '../../../cache/action-store.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { TaskKey } from '../../../cache/digest.ts';
import { actionResult } from './action-results.ts';
import { expectKind } from './expect-kind.ts';

export interface ActionStoreUnderTest {
  readonly actions: ActionStore;
  /** Changes the text of an entry behind the store's back. */
  readonly damage: (key: TaskKey, change: (text: Buffer) => Buffer) => Promise<void>;
}

/** What any store of action results has to keep. */
export function describeActionStore(name: string, make: () => Promise<ActionStoreUnderTest>): void {
  describe(`${name} as an action store`, () => {
    it('gives back what was put', async () => {
      const { actions } = await make();
      const result = actionResult('a');
      expect(await actions.get(result.key)).toEqual({ kind: 'absent' });
      expect(await actions.put(result)).toEqual({ kind: 'stored' });
      expect(await actions.get(result.key)).toEqual({ kind: 'found', result });
    });

    it('peeks at nothing but what stands', async () => {
      const { actions, damage } = await make();
      const result = actionResult('a');
      expect(actions.peek(result.key)).toBeUndefined();
      await actions.put(result);
      actions.refresh();
      expect([undefined, result]).toContainEqual(actions.peek(result.key));
      await damage(result.key, (text) => Buffer.concat([text, Buffer.from('more')]));
      expect([undefined, result]).toContainEqual(actions.peek(result.key));
    });

    it('takes a result without the optional fields', async () => {
      const { actions } = await make();
      const { kind, startedAt, durationMs, deviceClass, backend, versions } = actionResult('a').provenance;
      const bare: ActionResult = {
        ...actionResult('a'),
        provenance: { kind, startedAt, durationMs, deviceClass, backend, versions },
      };
      await actions.put(bare);
      expect(await actions.get(bare.key)).toEqual({ kind: 'found', result: bare });
    });

    it('keeps the first result, and tells whether a second one agrees', async () => {
      const { actions } = await make();
      const first = actionResult('a');
      const same: ActionResult = { ...first, provenance: { ...first.provenance, durationMs: 9 } };
      const other = actionResult('a', { model: digestOf('other bytes') });
      const more = actionResult('a', { log: digestOf('one output more') });
      await actions.put(first);
      expect(await actions.put(same)).toEqual({ kind: 'exists', same: true, existing: first });
      expect(await actions.put(other)).toEqual({ kind: 'exists', same: false, existing: first });
      expect(await actions.put(more)).toEqual({ kind: 'exists', same: false, existing: first });
      expect(await actions.get(first.key)).toEqual({ kind: 'found', result: first });
    });

    it('lets exactly one of many win', async () => {
      const { actions } = await make();
      const results = Array.from({ length: 20 }, (_, n) => actionResult('a', { model: digestOf(String(n)) }));
      const puts = await Promise.all(results.map((result) => actions.put(result)));
      const winner = puts.findIndex(({ kind }) => kind === 'stored');
      expect(puts.filter(({ kind }) => kind === 'stored')).toHaveLength(1);
      expect(await actions.get(results[0]!.key)).toEqual({ kind: 'found', result: results[winner] });
    });

    it('lists what it holds', async () => {
      const { actions } = await make();
      const results = ['a', 'b', 'c'].map((letter) => actionResult(letter));
      for (const result of results) await actions.put(result);
      const found: ActionResult[] = [];
      for await (const result of actions.list()) found.push(result);
      const byKey = (a: ActionResult, b: ActionResult): number => (a.key < b.key ? -1 : 1);
      expect(found.toSorted(byKey)).toEqual(results.toSorted(byKey));
    });

    it('never serves an entry with a bit flipped, wherever', async () => {
      const { actions, damage } = await make();
      const result = actionResult('a');
      await actions.put(result);
      let length = 1;
      for (let at = 0; at < length; at += 11) {
        await damage(result.key, (text) => {
          length = text.length;
          return Buffer.from(text.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte)));
        });
        expectKind(await actions.get(result.key), 'corrupt');
        expect(await actions.get(result.key)).toEqual({ kind: 'absent' });
        expect(await actions.put(result)).toEqual({ kind: 'stored' });
      }
      expect(length).toBeGreaterThan(300);
    });

    it('puts in place of a damaged entry', async () => {
      const { actions, damage } = await make();
      const result = actionResult('a');
      await actions.put(result);
      await damage(result.key, (text) => text.subarray(0, 10));
      expect(await actions.put(result)).toEqual({ kind: 'stored' });
      expect(await actions.get(result.key)).toEqual({ kind: 'found', result });
    });

    it('never serves an entry under another key', async () => {
      const { actions, damage } = await make();
      await actions.put(actionResult('a'));
      await actions.put(actionResult('b'));
      let stolen = Buffer.alloc(0);
      await damage(actionResult('a').key, (text) => (stolen = Buffer.from(text)));
      await damage(actionResult('b').key, () => stolen);
      expectKind(await actions.get(actionResult('b').key), 'corrupt');
    });
  });
}
