import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { chmod, rename, unlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encodeActionResult } from '../../cache/action-codec.ts';
import type { ActionStore } from '../../cache/action-store.ts';
import { digestOf } from '../../cache/digest.ts';
import { actionPath } from '../../cache/local/store-folder.ts';
import type { Store } from '../../cache/store.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryStore, unpublishedFiles } from './support/temporary-store.ts';

const results = Array.from({ length: 40 }, (_, n) => actionResult(`task ${n}`));
const [first] = results as [ReturnType<typeof actionResult>];

describe('the index of action results', () => {
  it('tells a later process every result without a look at its file', async () => {
    const { store, later } = await indexed();
    for (const result of results) {
      await chmod(actionPath(store, result.key), 0o600);
      await writeFile(actionPath(store, result.key), 'not looked at');
      expect(later.peek(result.key)).toEqual(result);
    }
    expect(later.peek(actionResult('another').key)).toBeUndefined();
  });

  it('lists them', async () => {
    const { later } = await indexed();
    const listed: string[] = [];
    for await (const { key } of later.list()) listed.push(key);
    expect(listed.sort()).toEqual(results.map(({ key }) => key).sort());
  });

  it('keeps silent about a shard from which a result was taken', async () => {
    const { store, later } = await indexed();
    await unlink(actionPath(store, first.key));
    expect(later.peek(first.key)).toBeUndefined();
    expect(await later.get(first.key)).toEqual({ kind: 'absent' });
  });

  it('keeps silent about a shard in which a result was replaced', async () => {
    const { store, later } = await indexed();
    const other = actionResult('task 0', { model: digestOf('other bytes') });
    await writeFile(`${store.root}/tmp/new`, encodeActionResult(other));
    await rename(`${store.root}/tmp/new`, actionPath(store, first.key));
    expect(later.peek(first.key)).toBeUndefined();
    expect(expectKind(await later.get(first.key), 'found').result).toEqual(other);
  });

  it('does not vouch for a shard that changed within the tick in which it was read', async () => {
    const { store } = await indexed({ settled: false });
    const index = indexFile(store, first.key);
    const touched = statSync(shardDir(store, first.key)).mtime;
    utimesSync(index, touched, touched);
    expect((await opened({ dir: store.root })).actions.peek(first.key)).toBeUndefined();
  });

  it('learns what was added since, when it is asked for', async () => {
    const { store, later } = await indexed();
    const added = actionResult('added later');
    await store.actions.put(added);
    expect(later.peek(added.key)).toBeUndefined();
    settle(store);
    expect(later.refresh()).toEqual([]);
    expect((await opened({ dir: store.root })).actions.peek(added.key)).toEqual(added);
  });

  it('takes no damaged record in', async () => {
    const store = await temporaryStore();
    for (const result of results) await store.actions.put(result);
    const path = actionPath(store, first.key);
    await chmod(path, 0o600);
    writeFileSync(path, readFileSync(path, 'utf8').replace('train', 'trajn'));
    for (const { key } of results) store.actions.peek(key);
    settle(store);
    store.actions.refresh();
    const { actions } = await opened({ dir: store.root });
    expect(actions.peek(first.key)).toBeUndefined();
    expect(actions.peek(results[1]!.key)).toEqual(results[1]);
  });

  const damages: readonly { readonly name: string; readonly damage: (content: Buffer) => Buffer }[] = [
    { name: 'is empty', damage: () => Buffer.alloc(0) },
    { name: 'is cut short', damage: (content) => content.subarray(0, content.length >> 1) },
    { name: 'lost its seal', damage: (content) => content.subarray(0, -65) },
    { name: 'lost a line', damage: (content) => content.subarray(content.indexOf('\n', 60) + 1) },
  ];
  it.each(damages)('that $name is named, removed and made again', async ({ damage }) => {
    const { store } = await indexed();
    const path = indexFile(store, first.key);
    await chmod(path, 0o600);
    const kept = statSync(path);
    writeFileSync(path, damage(readFileSync(path)));
    utimesSync(path, kept.atime, kept.mtime);
    const { actions } = await opened({ dir: store.root });
    expect(actions.peek(first.key)).toBeUndefined();
    expect(actions.refresh()).toEqual([path]);
    expect((await opened({ dir: store.root })).actions.peek(first.key)).toEqual(first);
  });

  it('never serves a flipped bit', async () => {
    const { store } = await indexed();
    const path = indexFile(store, first.key);
    await chmod(path, 0o600);
    const whole = readFileSync(path);
    for (let bit = 0; bit < whole.length * 8; bit += 37) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7));
      writeFileSync(path, flipped);
      const { actions } = await opened({ dir: store.root });
      expect([undefined, first]).toContainEqual(actions.peek(first.key));
    }
  });

  it('leaves nothing unpublished, and does without where it cannot be written', async () => {
    const { store } = await indexed();
    expect(await unpublishedFiles(store)).toEqual([]);
    writeFileSync(`${store.root}/index/in-the-way`, '');
    await rename(`${store.root}/index/actions`, `${store.root}/index/aside`);
    await rename(`${store.root}/index/in-the-way`, `${store.root}/index/actions`);
    const { actions } = await opened({ dir: store.root });
    expect(actions.peek(first.key)).toBeUndefined();
    expect(actions.refresh()).toEqual([]);
    expectKind(await actions.get(first.key), 'found');
  });
});

/** A store whose results have been looked up and indexed, and its actions as a later process has them. */
async function indexed({ settled = true } = {}): Promise<{ store: Store; later: ActionStore }> {
  const store = await temporaryStore();
  for (const result of results) await store.actions.put(result);
  for (const { key } of results) expect(store.actions.peek(key)).toBeUndefined();
  if (settled) settle(store);
  expect(store.actions.refresh()).toEqual([]);
  expect(existsSync(indexFile(store, first.key))).toBe(true);
  return { store, later: (await opened({ dir: store.root })).actions };
}

/** Makes every shard look as if it had been changed a while ago. */
function settle({ root }: Store): void {
  const past = new Date(Date.now() - 60_000);
  for (const shard of readdirSync(`${root}/ac`)) utimesSync(`${root}/ac/${shard}`, past, past);
}

function shardDir({ root }: Store, key: string): string {
  return `${root}/ac/${key.slice(0, 2)}`;
}

function indexFile({ root }: Store, key: string): string {
  return `${root}/index/actions/${key.slice(0, 2)}`;
}
