import { readdir, utimes, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readClaim } from '../../cache/local/claim-record.ts';
import type { Store } from '../../cache/store.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryStore } from './support/temporary-store.ts';

const dayMs = 24 * 60 * 60 * 1000;
const { key } = actionResult('done');

async function claims(store: Store): Promise<readonly string[]> {
  return (await readdir(`${store.root}/claims`)).sort();
}

/** As if it had last been written so many days ago. */
async function age(store: Store, name: string, days: number): Promise<void> {
  const then = new Date(Date.now() - days * dayMs);
  await utimes(`${store.root}/claims/${name}`, then, then);
}

async function collect(store: Store, dryRun = false): Promise<number> {
  const report = expectKind(await collectGarbage({ store, roots: [], dryRun }), 'collected');
  return report.leftovers.count;
}

/** Claims as processes leave them that were killed one after the other. */
async function leaveTwo(store: Store): Promise<void> {
  for (const host of ['first', 'second']) {
    const dead = await opened({ dir: store.root, self: { host, pid: 7 }, livenessOf: () => 'dead' });
    expectKind(await dead.claims.acquire(key), 'acquired');
  }
  expect(await claims(store)).toEqual([`${key}.1`, `${key}.2`]);
}

it('claims of the dead go a day after, once the result stands', async () => {
  const store = await temporaryStore();
  await leaveTwo(store);
  await age(store, `${key}.1`, 3);
  await age(store, `${key}.2`, 2);
  expect(await collect(store)).toBe(0);
  await store.actions.put(actionResult('done'));
  expect(await collect(store, true)).toBe(2);
  expect(await claims(store)).toHaveLength(2);
  expect(await collect(store)).toBe(2);
  expect(await claims(store)).toEqual([]);
});

it('claims that nobody came back to go after a month, without a result too', async () => {
  const store = await temporaryStore();
  await leaveTwo(store);
  await age(store, `${key}.1`, 40);
  await age(store, `${key}.2`, 35);
  expect(await collect(store)).toBe(2);
  expect(await claims(store)).toEqual([]);
});

it('a claim stays while its heart beats, and while a younger one does', async () => {
  const store = await temporaryStore();
  await store.actions.put(actionResult('done'));
  const living = expectKind(await store.claims.acquire(key), 'acquired').claim;
  await age(store, `${key}.1`, 2);
  const { nonce } = recordOf(store, `${key}.1`);
  await writeFile(`${store.root}/claims/${nonce}.beat`, '000000000001\n');
  expect(await collect(store)).toBe(0);
  expect(await living.isLost()).toBe(false);

  await age(store, `${nonce}.beat`, 2);
  await writeFile(`${store.root}/claims/${key}.2`, 'another, just made');
  expect(await collect(store)).toBe(1);
  expect(await claims(store)).toEqual([`${key}.1`, `${key}.2`]);
});

function recordOf(store: Store, name: string): { readonly nonce: string } {
  const record = readClaim(`${store.root}/claims/${name}`);
  if (typeof record !== 'object') throw new Error(`${name} is no claim`);
  return record;
}
