import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, taskKeyOf } from '../../../cache/digest.ts';
import { blobPath } from '../../../cache/local/store-folder.ts';
import { originOf, rememberOrigin } from '../../../cache/origins.ts';
import { noUse } from '../../../cache/remotes/remote-use.ts';
import { readUses } from '../../../cache/remotes/uses/read-uses.ts';
import { recordUse } from '../../../cache/remotes/uses/record-use.ts';
import { verifyStore } from '../../../cache/upkeep/verify-store.ts';
import { expectKind } from '../support/expect-kind.ts';
import { fill } from '../support/filled-store.ts';
import { temporaryStore } from '../support/temporary-store.ts';
import { remoteAt, tiersOver } from '../support/tiers.ts';

describe('what a remote has been good for', () => {
  it('is counted, and added up over processes', async () => {
    const team = await temporaryStore();
    const one = await fill(team, 'one', { 'a.txt': 'aaaa' });
    const two = await fill(team, 'two', { 'b.txt': 'b' });
    const bad = two.files.get('b.txt')!;
    await chmod(blobPath(team, bad), 0o644);
    await writeFile(blobPath(team, bad), 'c');
    const { store, local, push } = await tiersOver([remoteAt({ kind: 'directory', path: team.root })]);
    for (const { result } of [one, two, one]) await store.actions.get(result.key);
    expect((await store.blobs.read(one.files.get('a.txt')!)).kind).toBe('found');
    expect((await store.blobs.read(bad)).kind).toBe('absent');
    const own = await fill(local, 'own', { 'own.txt': 'own' });
    await push(own.result.key);
    const use = store.uses().get('team')!;
    expect(use).toMatchObject({ hits: 2, refused: 1, fetchedBlobs: 1, fetchedBytes: 4, savedGpuMs: 0 });
    expect(use.savedCpuMs).toBe(2 * one.result.provenance.durationMs);
    // File, manifest, action and log.
    expect(use.sentBlobs).toBe(4);

    recordUse(local, store.uses());
    recordUse(
      local,
      new Map([
        ['team', { ...noUse(), hits: 3 }],
        ['other', { ...noUse(), refused: 1 }],
      ]),
    );
    recordUse(local, new Map([['idle', noUse()]]));
    const uses = await readUses(local);
    expect([...uses.keys()]).toEqual(['other', 'team']);
    expect(uses.get('team')).toMatchObject({ hits: 5, refused: 1, fetchedBytes: 4 });
    expect(await readdir(join(local.root, 'index/remotes'))).toHaveLength(2);
  });

  it('and where results came from, is not told from damaged files, which `verify` removes', async () => {
    const store = await temporaryStore({ sharing: 'group' });
    const key = taskKeyOf(digestOf('task'));
    expect(originOf(store, key)).toBeUndefined();
    await rememberOrigin(store, key, { kind: 'remote', name: 'team' });
    expect(store.originOf?.(key)).toEqual({ kind: 'remote', name: 'team' });
    recordUse(store, new Map([['team', { ...noUse(), hits: 3 }]]));
    expect(expectKind(await verifyStore({ store }), 'verified').findings).toEqual([]);

    const index = join(store.root, 'index');
    const files = [
      join(index, 'origins', key),
      join(index, 'remotes', (await readdir(join(index, 'remotes')))[0]!),
    ];
    for (const file of files) {
      await chmod(file, 0o644);
      await writeFile(file, '{"format":1,"remote":"tean"}\n');
    }
    expect(originOf(store, key)).toBeUndefined();
    expect((await readUses(store)).size).toBe(0);
    const { findings } = expectKind(await verifyStore({ store }), 'verified');
    expect(findings.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
    await rm(index, { recursive: true });
    await rememberOrigin(store, key, { kind: 'remote', name: 'team' });
    expect(originOf(store, key)).toEqual({ kind: 'remote', name: 'team' });
  });
});
