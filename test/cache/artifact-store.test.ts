import { chmod, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import { blobPath } from '../../cache/local/store-folder.ts';
import { manifestDigest } from '../../cache/manifest-codec.ts';
import { setPin } from '../../cache/upkeep/pins.ts';
import { expectKind } from './support/expect-kind.ts';
import { temporaryFolder, temporaryStore } from './support/temporary-store.ts';

async function tree(files: { readonly [path: string]: string }): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ''), { recursive: true });
    await writeFile(`${root}/${path}`, content);
  }
  return root;
}

const model = { 'model.json': '{}', 'model.safetensors': 'weights', 'notes/läufe/a.txt': '' };

describe('the artifact store', () => {
  it('stores a tree and gives it back, file by file', async () => {
    const { artifacts } = await temporaryStore();
    const put = expectKind(await artifacts.putTree(await tree(model)), 'stored');
    expect(put.manifest.files.map(({ path }) => path)).toEqual(Object.keys(model).sort());
    expect(put.digest).toBe(manifestDigest(put.manifest));
    expect(put.sizeBytes).toBe(9);
    expect(await artifacts.isComplete(put.digest)).toBe(true);
    expect(await artifacts.manifest(put.digest)).toEqual({ kind: 'found', manifest: put.manifest });

    const out = `${await temporaryFolder()}/deep/copy`;
    expectKind(await artifacts.materialise(put.digest, out), 'materialised');
    for (const [path, content] of Object.entries(model)) {
      expect(await readFile(`${out}/${path}`, 'utf8')).toBe(content);
    }
  });

  it('gives the same digest wherever the tree lies and whoever stores it', async () => {
    const [first, second] = [await temporaryStore(), await temporaryStore({ sharing: 'group' })];
    const one = expectKind(await first.artifacts.putTree(await tree(model)), 'stored');
    const reversed = Object.fromEntries(Object.entries(model).reverse());
    const two = expectKind(await second.artifacts.putTree(await tree(reversed)), 'stored');
    expect(one.digest).toBe(two.digest);
  });

  it('passes over empty folders', async () => {
    const { artifacts } = await temporaryStore();
    const dir = await tree({ a: '1' });
    const before = expectKind(await artifacts.putTree(dir), 'stored');
    await mkdir(`${dir}/empty/inside`, { recursive: true });
    expect(expectKind(await artifacts.putTree(dir), 'stored').digest).toBe(before.digest);
  });

  it('refuses links, collisions and names that are not the same everywhere, all at once', async () => {
    const { artifacts } = await temporaryStore();
    const dir = await tree({ 'e\u0301': '', a: '', 'b\\c': '' });
    await symlink('a', `${dir}/link`);
    await symlink('/etc', `${dir}/folder-link`);
    const { problems } = expectKind(await artifacts.putTree(dir), 'invalid-tree');
    expect(problems.join('\n')).toMatch(/'link' is a link/);
    expect(problems.join('\n')).toMatch(/'folder-link' is a link/);
    expect(problems.join('\n')).toMatch(/normal form C/);
    expect(problems.join('\n')).toMatch(/backslash/);
    expect(problems).toHaveLength(4);
  });

  it.runIf(process.platform === 'linux')('refuses names that differ only in case', async () => {
    const { artifacts } = await temporaryStore();
    const { problems } = expectKind(
      await artifacts.putTree(await tree({ 'A/x': '', 'a/y': '' })),
      'invalid-tree',
    );
    expect(problems).toHaveLength(1);
  });

  it('reports a missing folder as a failure', async () => {
    const { artifacts } = await temporaryStore();
    expectKind(await artifacts.putTree(`${await temporaryFolder()}/none`), 'store-failure');
  });

  it('writes nothing into a folder that is not empty', async () => {
    const { artifacts } = await temporaryStore();
    const { digest } = expectKind(await artifacts.putTree(await tree(model)), 'stored');
    const mine = await tree({ mine: 'mine' });
    expectKind(await artifacts.materialise(digest, mine), 'store-failure');
    expect(await readdir(mine)).toEqual(['mine']);
  });

  it.each([
    ['absent', (path: string) => rm(path)],
    ['corrupt', (path: string) => chmod(path, 0o644).then(() => writeFile(path, 'wrongly'))],
  ] as const)('leaves nothing behind where one blob is %s', async (kind, damage) => {
    const store = await temporaryStore();
    const { digest } = expectKind(await store.artifacts.putTree(await tree(model)), 'stored');
    await damage(blobPath(store, digestOf('weights')));
    const parent = await temporaryFolder();
    expectKind(await store.artifacts.materialise(digest, `${parent}/new`), kind);
    expect(await readdir(parent)).toEqual([]);
    await mkdir(`${parent}/there`);
    expectKind(await store.artifacts.materialise(digest, `${parent}/there`), 'absent');
    expect(await readdir(`${parent}/there`)).toEqual([]);
    expect(await store.artifacts.isComplete(digest)).toBe(false);
  });

  it('never follows a manifest out of its folder', async () => {
    const { artifacts, blobs } = await temporaryStore();
    const { digest: sha256 } = expectKind(await blobs.putBytes('evil'), 'stored');
    const text = JSON.stringify({ files: [{ path: '../evil', sha256, size: 4 }], format: 1 });
    const { digest } = expectKind(await blobs.putBytes(text), 'stored');
    const parent = await temporaryFolder();
    expectKind(await artifacts.materialise(digest, `${parent}/out`), 'not-a-manifest');
    expectKind(await artifacts.manifest(digest), 'not-a-manifest');
    expect(await artifacts.isComplete(digest)).toBe(false);
    expect(await readdir(parent)).toEqual([]);
    // It is intact, and stays.
    expect(await blobs.has(digest)).toBe(true);
  });

  it('refuses a manifest that lies about a size', async () => {
    const { artifacts, blobs } = await temporaryStore();
    const { digest: sha256 } = expectKind(await blobs.putBytes('four'), 'stored');
    const text = JSON.stringify({ files: [{ path: 'a', sha256, size: 5 }], format: 1 });
    const { digest } = expectKind(await blobs.putBytes(text), 'stored');
    const out = `${await temporaryFolder()}/out`;
    expect(expectKind(await artifacts.materialise(digest, out), 'not-a-manifest').digest).toBe(digest);
  });

  describe('drop', () => {
    it('removes the files and keeps the manifest', async () => {
      const { artifacts, blobs } = await temporaryStore();
      const { digest, manifest } = expectKind(await artifacts.putTree(await tree(model)), 'stored');
      await artifacts.drop(digest);
      expect(await blobs.has(digestOf('weights'))).toBe(false);
      expect(await artifacts.isComplete(digest)).toBe(false);
      expect(await artifacts.manifest(digest)).toEqual({ kind: 'found', manifest });
      await artifacts.drop(digest);
      await artifacts.drop(digestOf('never was'));
    });

    it('spares what others still need', async () => {
      const store = await temporaryStore();
      const { artifacts } = store;
      const [one, two, three] = [
        expectKind(await artifacts.putTree(await tree({ a: '1', shared: 's' })), 'stored'),
        expectKind(await artifacts.putTree(await tree({ b: '2', shared: 's' })), 'stored'),
        expectKind(await artifacts.putTree(await tree({ c: '3', a: '1' })), 'stored'),
      ];
      await setPin(store, { name: 'paper', digests: [three.digest] });
      await artifacts.drop(one.digest, { sparing: [two.digest] });
      expect(await artifacts.isComplete(two.digest)).toBe(true);
      expect(await artifacts.isComplete(three.digest)).toBe(true);
      await artifacts.drop(three.digest);
      expect(await artifacts.isComplete(three.digest)).toBe(true);
    });

    it('removes nothing while a pin cannot be read', async () => {
      const store = await temporaryStore();
      const { digest } = expectKind(await store.artifacts.putTree(await tree(model)), 'stored');
      await writeFile(`${store.root}/pins/paper`, 'rubbish');
      await store.artifacts.drop(digest);
      expect(await store.artifacts.isComplete(digest)).toBe(true);
    });
  });
});
