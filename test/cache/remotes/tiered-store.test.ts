import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../cache/digest.ts';
import { digestOf } from '../../../cache/digest.ts';
import { actionPath, blobPath } from '../../../cache/local/store-folder.ts';
import { Uploads } from '../../../cache/remotes/uploads.ts';
import { newPrivateKey, openSigningKey } from '../../../cache/signatures/signature.ts';
import type { SigningPolicy } from '../../../cache/signatures/signing-policy.ts';
import type { Store } from '../../../cache/store.ts';
import { openTiers } from '../../../cli/remotes/open-tiers.ts';
import { captureIo } from '../../cli/capture-io.ts';
import { cacheServer } from '../support/cache-server.ts';
import { fill } from '../support/filled-store.ts';
import { opened, temporaryFolder, temporaryStore, unpublishedFiles } from '../support/temporary-store.ts';
import { remoteAt, tiersOver } from '../support/tiers.ts';

const directory = ({ root }: Store, more = {}) => remoteAt({ kind: 'directory', path: root }, more);

describe('a store with a remote behind it', () => {
  it('takes over results without their bytes, and bytes as they are read', async () => {
    const team = await temporaryStore();
    const { result, artifact, files } = await fill(team, 'task', { 'a.txt': 'a', 'deep/b.txt': 'b' });
    const { store, local } = await tiersOver([directory(team)]);

    expect(await store.actions.get(result.key)).toEqual({ kind: 'found', result });
    expect(store.originOf?.(result.key)).toEqual({ kind: 'remote', name: 'team' });
    // Also to whoever asks later, without the remote.
    expect((await opened({ dir: local.root })).originOf?.(result.key)).toEqual({
      kind: 'remote',
      name: 'team',
    });
    expect(await local.actions.get(result.key)).toEqual({ kind: 'found', result });
    expect(await local.blobs.has(artifact)).toBe(false);

    expect(await store.artifacts.isComplete(artifact)).toBe(true);
    expect(await local.blobs.has(files.get('a.txt')!)).toBe(false);
    const dir = join(await temporaryFolder(), 'tree');
    expect((await store.artifacts.materialise(artifact, dir)).kind).toBe('materialised');
    expect(await readFile(join(dir, 'deep/b.txt'), 'utf8')).toBe('b');
    expect(await local.artifacts.isComplete(artifact)).toBe(true);
    // Nobody has asked for those.
    expect(await local.blobs.has(result.provenance.log!)).toBe(false);
    expect(await unpublishedFiles(local)).toEqual([]);
  });

  it('brings an artifact ahead of who reads it, all of it and nothing else, unless it is called off', async () => {
    const team = await temporaryStore();
    const one = await fill(team, 'one', { 'a.txt': 'a', 'b.txt': 'b' });
    const two = await fill(team, 'two', { 'c.txt': 'c', 'd.txt': 'd' });
    const { store, local } = await tiersOver([directory(team)]);
    await store.bring?.(one.artifact, new AbortController().signal);
    expect(await local.artifacts.isComplete(one.artifact)).toBe(true);
    for (const digest of [two.artifact, one.result.provenance.log!])
      expect(await local.blobs.has(digest)).toBe(false);
    await store.bring?.(two.artifact, AbortSignal.abort());
    expect(await local.blobs.has(two.files.get('c.txt')!)).toBe(false);
    // What is nowhere is no trouble.
    await store.bring?.(digestOf('nowhere'), new AbortController().signal);
  });

  it('mends a damaged blob of its own from there', async () => {
    const team = await temporaryStore();
    const { files } = await fill(team, 'task', { 'a.txt': 'right' });
    const { store, local } = await tiersOver([directory(team)]);
    const digest = files.get('a.txt')!;
    await local.blobs.putBytes('right');
    await damage(blobPath(local, digest), 'wrong');
    expect(await store.blobs.read(digest)).toEqual({ kind: 'found', bytes: Buffer.from('right') });
  });

  it('names wrong bytes and passes on to the next remote', async () => {
    const [bad, good] = [await temporaryStore(), await temporaryStore()];
    const { files } = await fill(bad, 'task', { 'a.txt': 'right' });
    await fill(good, 'task', { 'a.txt': 'right' });
    const digest = files.get('a.txt')!;
    await damage(blobPath(bad, digest), 'wrong');
    const { store, local, troubles } = await tiersOver([
      directory(bad, { name: 'bad' }),
      directory(good, { name: 'good' }),
    ]);
    expect(await store.blobs.read(digest)).toMatchObject({ kind: 'found' });
    expect(troubles).toEqual([
      expect.stringContaining(`remote 'bad' has wrong bytes for the blob ${digest}`),
    ]);
    expect(await unpublishedFiles(local)).toEqual([]);
    // Whoever looks after that store finds it where it was.
    expect(await readFile(blobPath(bad, digest), 'utf8')).toBe('wrong');
  });

  it('serves nothing that is wrong everywhere', async () => {
    const team = await temporaryStore();
    const { artifact, files } = await fill(team, 'task', { 'a.txt': 'right' });
    await damage(blobPath(team, files.get('a.txt')!), 'wrong');
    const { store, local } = await tiersOver([directory(team)]);
    const dir = join(await temporaryFolder(), 'tree');
    expect(await store.artifacts.materialise(artifact, dir)).toMatchObject({ kind: 'absent' });
    await expect(readFile(join(dir, 'a.txt'))).rejects.toThrow('ENOENT');
    expect(await local.blobs.has(files.get('a.txt')!)).toBe(false);
  });

  it.each([
    ['of another key', (other: string) => other, 'is that of another key'],
    ['that is damaged', (other: string) => other.replace('cpu', 'gpu'), 'is damaged'],
    ['that is none', () => 'hello', 'is damaged'],
  ])('names a result %s, and takes none', async (_, change, problem) => {
    const team = await temporaryStore();
    const { result } = await fill(team, 'task', { 'a.txt': 'a' });
    const other = await fill(team, 'other', { 'a.txt': 'a' });
    await damage(
      actionPath(team, result.key),
      change(await readFile(actionPath(team, other.result.key), 'utf8')),
    );
    const { store, local, troubles } = await tiersOver([directory(team)]);
    expect(await store.actions.get(result.key)).toEqual({ kind: 'absent' });
    expect(await local.actions.get(result.key)).toEqual({ kind: 'absent' });
    expect(troubles).toEqual([expect.stringContaining(problem)]);
    expect(troubles[0]).toContain(result.key);
  });

  it('asks no remote that may not be read, and its own results come first', async () => {
    const team = await temporaryStore();
    const { result } = await fill(team, 'task', { 'a.txt': 'theirs' });
    const closed = await tiersOver([directory(team, { pull: false })]);
    expect(await closed.store.actions.get(result.key)).toEqual({ kind: 'absent' });
    const own = await temporaryStore();
    const mine = await fill(own, 'task', { 'a.txt': 'mine' });
    const { store } = await tiersOver([directory(team)], own);
    expect(await store.actions.get(result.key)).toEqual({ kind: 'found', result: mine.result });
  });

  it('says once that there is nothing where a remote should be, and goes on', async () => {
    const path = join(await temporaryFolder(), 'not-mounted');
    const { store, troubles } = await tiersOver([remoteAt({ kind: 'directory', path })]);
    for (const name of ['a', 'b', 'c']) expect((await store.blobs.read(digestOf(name))).kind).toBe('absent');
    expect(troubles).toEqual([
      expect.stringMatching(/'team' is left alone .*there is no store at .*not-mounted/),
    ]);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });
});

describe('pushing', () => {
  it('brings whole results, each blob once', async () => {
    const team = await temporaryStore();
    const own = await temporaryStore();
    const one = await fill(own, 'one', { 'a.txt': 'shared', 'b.txt': 'b' });
    const two = await fill(own, 'two', { 'a.txt': 'shared' });
    const { push } = await tiersOver([directory(team)], own);
    const first = await push(one.result.key, two.result.key);
    expect(first).toMatchObject({ results: 2, stood: 0, missing: 0 });
    expect(await team.artifacts.isComplete(one.artifact)).toBe(true);
    expect(await team.blobs.has(one.result.provenance.log!)).toBe(true);
    expect(await team.blobs.has(one.result.key as string as Digest)).toBe(true);
    expect(await push(one.result.key, two.result.key)).toMatchObject({ results: 2, stood: 2, sentBlobs: 0 });
  });

  it('knows what came from there, also without its bytes', async () => {
    const team = await temporaryStore();
    const { result } = await fill(team, 'task', { 'a.txt': 'a' });
    const { store, push, troubles } = await tiersOver([directory(team)]);
    await store.actions.get(result.key);
    expect(await push(result.key)).toMatchObject({ results: 1, stood: 1, missing: 0 });
    expect(troubles).toEqual([]);
  });

  it('is called off when there is no time left, and says what is missing', async () => {
    const own = await temporaryStore();
    const filled = [await fill(own, 'one', { a: '1' }), await fill(own, 'two', { a: '2' })];
    const server = await cacheServer(() => true);
    const { store, troubles } = await tiersOver([remoteAt({ kind: 'http', url: server.url })], own);
    const onTrouble = (message: string): void => expect.unreachable(message);
    const uploads = new Uploads({ local: own, remote: store.openedRemotes[0]!, onTrouble });
    for (const { result } of filled) uploads.add(result.key);
    expect(await uploads.finish(200)).toMatchObject({ results: 0, missing: 2 });
    expect(troubles).toEqual([]);
  });

  it('says where another result stands already, and leaves it', async () => {
    const [team, own] = [await temporaryStore(), await temporaryStore()];
    const theirs = await fill(team, 'task', { 'a.txt': 'first' });
    const ours = await fill(own, 'task', { 'a.txt': 'second' });
    const { push, troubles } = await tiersOver([directory(team)], own);
    expect(await push(ours.result.key)).toMatchObject({ results: 0, missing: 1 });
    expect(troubles).toEqual([expect.stringContaining('holds another result')]);
    expect(await team.actions.get(ours.result.key)).toEqual({ kind: 'found', result: theirs.result });
  });

  it('hands on nothing that is damaged here', async () => {
    const [team, own] = [await temporaryStore(), await temporaryStore()];
    const { result, artifact, files } = await fill(own, 'task', { 'a.txt': 'right', 'b.txt': 'b' });
    await damage(blobPath(own, files.get('a.txt')!), 'wrong');
    const { push } = await tiersOver([directory(team)], own);
    await push(result.key);
    expect(await team.blobs.has(files.get('a.txt')!)).toBe(false);
    expect(await team.blobs.has(digestOf('wrong'))).toBe(false);
    // The result serves whoever does not read that file.
    expect((await team.artifacts.manifest(artifact)).kind).toBe('found');
    expect((await team.actions.get(result.key)).kind).toBe('found');
  });

  it('keeps back a result whose manifest is gone', async () => {
    const [team, own] = [await temporaryStore(), await temporaryStore()];
    const { result, artifact } = await fill(own, 'task', { 'a.txt': 'a' });
    await rm(blobPath(own, artifact));
    const { push, troubles } = await tiersOver([directory(team)], own);
    expect(await push(result.key)).toMatchObject({ results: 0, missing: 1 });
    expect(troubles).toEqual([expect.stringContaining(artifact)]);
    expect((await team.actions.get(result.key)).kind).toBe('absent');
  });
});

async function damage(path: string, text: string): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, text);
}

describe('a store of somebody who signs, with a remote behind it', () => {
  const signing = async (demanded: boolean): Promise<SigningPolicy> => {
    const keyFile = join(await temporaryFolder(), 'key.pem');
    await writeFile(keyFile, newPrivateKey());
    const own = openSigningKey(await readFile(keyFile, 'utf8'))!;
    return { demanded, signers: [{ name: 'me', key: own.publicKey }], keyFile };
  };

  it('signs nothing that came from there', async () => {
    const team = await temporaryStore();
    const { result } = await fill(team, 'task', { 'a.txt': 'a' });
    const policy = await signing(false);
    const local = await temporaryStore({ signing: policy });
    const { store } = await tiersOver([directory(team)], local);
    expect(await store.actions.get(result.key)).toEqual({ kind: 'found', result });
    const strict = await opened({ dir: local.root, signing: { ...policy, demanded: true } });
    expect(await strict.actions.get(result.key)).toEqual({ kind: 'absent' });
  });
});

describe('a store over one that is only read, with a remote behind it', () => {
  it('keeps what comes from there on top, and brings on what lies below', async () => {
    const [below, team, target] = [await temporaryStore(), await temporaryStore(), await temporaryStore()];
    const theirs = await fill(team, 'task', { 'a.txt': 'a' });
    const shared = await fill(below, 'shared', { 'b.txt': 'b' });
    const local = await temporaryStore({ over: below.root });
    const reader = await tiersOver([directory(team)], local);
    expect(await reader.store.actions.get(theirs.result.key)).toMatchObject({ kind: 'found' });
    expect(await reader.store.fetchAll(theirs.result.key)).toEqual({ kind: 'whole' });
    expect(await below.blobs.has(theirs.artifact)).toBe(false);
    expect(await below.actions.get(theirs.result.key)).toEqual({ kind: 'absent' });
    expect(await (await opened({ dir: local.root })).artifacts.isComplete(theirs.artifact)).toBe(true);

    const { push } = await tiersOver([directory(target)], local);
    expect(await push(shared.result.key)).toMatchObject({ results: 1, missing: 0 });
    expect(await target.artifacts.isComplete(shared.artifact)).toBe(true);
  });

  it('never brings anything to the store that is only read', async () => {
    const below = await temporaryStore();
    const local = await temporaryStore({ over: below.root });
    const settings = [directory(below), directory(await temporaryStore(), { name: 'other' })];
    const tiers = openTiers({ local, settings, io: captureIo() });
    expect(tiers?.tiered.openedRemotes.map(({ push }) => push)).toEqual([false, true]);
  });
});
