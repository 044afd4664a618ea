import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import type { ActionStore } from '../../cache/action-store.ts';
import { layeredActionStore } from '../../cache/layered/layered-actions.ts';
import { openStore } from '../../cache/open-store.ts';
import { actionPath, blobPath } from '../../cache/local/store-folder.ts';
import type { DamagedFile, Store } from '../../cache/store.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryFolder, temporaryStore } from './support/temporary-store.ts';

/** A store of one's own over `below`, whose damage is told. */
async function over(below: Store, onDamaged?: (damaged: DamagedFile) => void): Promise<Store> {
  return await opened({ dir: `${await temporaryFolder()}/own`, over: below.root, onDamaged });
}

/** Every file and folder with its times, as far as reading leaves them alone. */
async function state(root: string): Promise<readonly string[]> {
  const names = (await readdir(root, { recursive: true })).sort();
  return await Promise.all(
    names.map(async (name) => {
      const { mtimeMs, ctimeMs, size } = await stat(`${root}/${name}`);
      return `${name} ${mtimeMs} ${ctimeMs} ${size}`;
    }),
  );
}

async function damage(path: string): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, (await readFile(path, 'utf8')).replace(/[a-z]/, '#'));
}

describe('a store over one that is only read', () => {
  it('serves what is below, stores on top, and changes nothing below', async () => {
    const below = await temporaryStore();
    const dir = await temporaryFolder();
    await writeFile(`${dir}/file`, 'made below');
    const { digest } = expectKind(await below.artifacts.putTree(dir), 'stored');
    expectKind(await below.actions.put(actionResult('below')), 'stored');
    const before = await state(below.root);

    const store = await over(below);
    expect(store.below).toBe(below.root);
    expect(await store.artifacts.isComplete(digest)).toBe(true);
    expectKind(await store.artifacts.materialise(digest, `${dir}/out`), 'materialised');
    expect(await readFile(`${dir}/out/file`, 'utf8')).toBe('made below');
    expectKind(await store.actions.get(actionResult('below').key), 'found');
    expectKind(await store.blobs.putBytes('made here'), 'stored');
    expectKind(await store.actions.put(actionResult('here')), 'stored');
    expectKind(await store.claims.acquire(actionResult('claimed').key), 'acquired');
    const keys: string[] = [];
    for await (const { key } of store.actions.list()) keys.push(key);
    expect(keys.sort()).toEqual([actionResult('below').key, actionResult('here').key].sort());
    store.actions.refresh();
    expectKind(await below.actions.get(actionResult('here').key), 'absent');
    expect(await state(below.root)).toEqual(before);
  });

  it('lets a result of its own stand before one below, however it is looked up', async () => {
    const below = await temporaryStore();
    const store = await over(below);
    const mine = actionResult('a', { model: digestOf('mine') });
    const theirs = actionResult('a', { model: digestOf('theirs') });
    const { key } = mine;
    expectKind(await store.actions.put(mine), 'stored');
    expectKind(await below.actions.put(theirs), 'stored');
    expect(expectKind(await store.actions.get(key), 'found').result).toEqual(mine);
    // An index that answers at once, of the store below alone.
    const peeking = { ...below.actions, peek: () => theirs };
    const layered = (isOwn: boolean): ActionStore =>
      layeredActionStore({ own: store.actions, below: peeking, isOwn: () => isOwn });
    expect(layered(true).peek(key)).toBeUndefined();
    expect(layered(false).peek(key)).toEqual(theirs);
  });

  it('serves nothing damaged, leaves it where it is and names it; what is made anew lies on top', async () => {
    const below = await temporaryStore();
    const blob = expectKind(await below.blobs.putBytes('bytes'), 'stored').digest;
    expectKind(await below.actions.put(actionResult('a')), 'stored');
    // Makes an index of the results, which is damaged, too.
    expect(below.actions.peek(actionResult('a').key)).toBeUndefined();
    below.actions.refresh();
    const [shard = ''] = await readdir(`${below.root}/index/actions`);
    await damage(`${below.root}/index/actions/${shard}`);
    await damage(blobPath(below, blob));
    await damage(actionPath(below, actionResult('a').key));
    const before = await state(below.root);
    const damaged: string[] = [];
    const store = await over(below, ({ path, movedTo }) => {
      expect(movedTo).toBe(path);
      damaged.push(path);
    });
    expect(store.actions.peek(actionResult('a').key)).toBeUndefined();
    expectKind(await store.blobs.read(blob), 'absent');
    expectKind(await store.blobs.copyTo(blob, `${store.root}/copy`), 'absent');
    expectKind(await store.actions.get(actionResult('a').key), 'absent');
    expect(new Set(damaged)).toEqual(
      new Set([blobPath(below, blob), actionPath(below, actionResult('a').key)]),
    );
    expect(await state(below.root)).toEqual(before);
    expectKind(await store.blobs.putBytes('bytes'), 'stored');
    expectKind(await store.actions.put(actionResult('a')), 'stored');
    expectKind(await store.blobs.read(digestOf('bytes')), 'found');
    expectKind(await store.actions.get(actionResult('a').key), 'found');
  });

  it('is refused where there is no such store, which is not made', async () => {
    const dir = await temporaryFolder();
    const refused = expectKind(await openStore({ dir: `${dir}/own`, over: `${dir}/below` }), 'store-failure');
    expect(refused).toMatchObject({ path: `${dir}/below`, detail: 'there is no store to read' });
    expect(await readdir(dir)).not.toContain('below');
  });
});
