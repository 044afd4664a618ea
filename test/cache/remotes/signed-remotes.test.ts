import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { TaskKey } from '../../../cache/digest.ts';
import { actionPath } from '../../../cache/local/store-folder.ts';
import { decodeActionMessage, encodeActionMessage } from '../../../cache/remotes/http/action-message.ts';
import type { RemoteSettings } from '../../../cache/remotes/remote-settings.ts';
import { fingerprint } from '../../../cache/signatures/signature.ts';
import type { Store } from '../../../cache/store.ts';
import { cacheServer } from '../support/cache-server.ts';
import { fill } from '../support/filled-store.ts';
import { hasNginx, nginx } from '../support/nginx.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { bucketPlace } from '../support/memory-tiers.ts';
import { as, person } from '../support/people.ts';
import type { Person } from '../support/people.ts';
import { temporaryFolder, temporaryStore } from '../support/temporary-store.ts';
import { remoteAt, tiersOver } from '../support/tiers.ts';

interface Place {
  readonly settings: RemoteSettings;
  /** Changes the text that one member has signed. */
  readonly change: (key: TaskKey, of: string, change: (text: string) => string) => Promise<void>;
}

const places: readonly [string, () => Promise<Place>][] = [
  ['a folder', folderPlace],
  ['a server of Node', nodePlace],
  ['a bucket', bucketPlaceOfNode],
  ...(hasNginx ? [['nginx', nginxPlace] as [string, () => Promise<Place>]] : []),
];

let ada: Person;
let ben: Person;
let eve: Person;
beforeEach(async () => {
  [ada, ben, eve] = [await person('ada'), await person('ben'), await person('eve')];
});

/** Computes something as one person, in a store of their own, and brings it there. */
async function bring(who: Person | undefined, { settings }: Place, words: string, trusted: Person[] = []) {
  const own =
    who === undefined
      ? await temporaryStore()
      : await as(who, join(await temporaryFolder(), 'own'), trusted, trusted.length > 0);
  const made = await fill(own, 'task', { 'a.txt': words });
  const tiers = await tiersOver([settings], own);
  return { ...made, tally: await tiers.push(made.result.key), troubles: tiers.troubles };
}

/** Somebody with an empty store, who demands signatures. */
async function reader(place: Place, trusted: readonly Person[]) {
  const dir = join(await temporaryFolder(), 'reader');
  const local = await as(undefined, dir, trusted);
  return { dir, ...(await tiersOver([place.settings], local)) };
}

describe.each(places)('signed results by way of %s', (_, open) => {
  it('count for who trusts their signer, and still do without the remote', async () => {
    const place = await open();
    const { result } = await bring(ada, place, 'hers');
    const { dir, store, troubles } = await reader(place, [ben, ada]);
    expect(await store.actions.get(result.key)).toEqual({ kind: 'found', result });
    expect(store.originOf?.(result.key)).toEqual({ kind: 'remote', name: 'team' });
    expect(await store.fetchAll(result.key)).toEqual({ kind: 'whole' });
    expect(troubles).toEqual([]);
    const alone = await as(undefined, dir, [ada]);
    expect(await alone.actions.get(result.key)).toEqual({ kind: 'found', result });
    expect(await (await as(undefined, dir, [ben])).actions.get(result.key)).toEqual({ kind: 'absent' });
  });

  it('do not where nobody has signed them, or somebody else; that is said once, and bytes come all the same', async () => {
    const place = await open();
    const { result, files } = await bring(undefined, place, 'anybody');
    const eves = await fill(await as(eve, join(await temporaryFolder(), 'eve'), []), 'more', { b: 'b' });
    const { store, troubles } = await reader(place, [ada]);
    for (const key of [result.key, eves.result.key, result.key])
      expect(await store.actions.get(key)).toEqual({ kind: 'absent' });
    expect(troubles).toEqual([expect.stringMatching(new RegExp(`nobody you trust .* ${result.key}`))]);
    expect((await store.blobs.read(files.get('a.txt')!)).kind).toBe('found');
  });

  it.each<[string, (text: string) => string]>([
    ['changed', (text) => text.replace('"durationMs":1234.5', '"durationMs":1.5')],
    ['signed by another in her name', (text) => forgedBy(eve, text)],
    ['cut off', (text) => text.split('\n')[0]!],
    ['emptied', () => ''],
  ])('are named and passed over when they were %s', async (__, change) => {
    const place = await open();
    const { result } = await bring(ada, place, 'hers');
    await place.change(result.key, fingerprint(ada.key.publicKey), change);
    const { store, local, troubles } = await reader(place, [ada]);
    expect(await store.actions.get(result.key)).toEqual({ kind: 'absent' });
    expect(troubles[0]).toMatch(
      /remote 'team' (is not what ada has signed; it was not taken|that nobody you)/,
    );
    expect(await local.actions.get(result.key)).toEqual({ kind: 'absent' });
  });

  it('may be signed by several, one after another', async () => {
    const place = await open();
    await bring(undefined, place, 'same');
    await bring(ada, place, 'same');
    const last = await bring(ben, place, 'same');
    expect(last.tally).toMatchObject({ results: 1, stood: 1, missing: 0 });
    for (const each of [ada, ben])
      expect((await (await reader(place, [each])).store.actions.get(last.result.key)).kind).toBe('found');
    // Nothing is sent that is there.
    expect((await bring(ben, place, 'same')).tally).toMatchObject({ stood: 1, sentBlobs: 0 });
  });

  it('stand beside one that somebody else has brought first', async () => {
    const place = await open();
    const poisoned = await bring(eve, place, 'wrong');
    const right = await bring(ada, place, 'right', [ada]);
    expect(right.tally).toMatchObject({ results: 1, missing: 0 });
    expect(right.troubles).toEqual([]);
    const { store } = await reader(place, [ada]);
    expect(await store.actions.get(right.result.key)).toEqual({ kind: 'found', result: right.result });
    expect(await store.fetchAll(right.result.key)).toEqual({ kind: 'whole' });
    // Who demands none finds the first one, as ever.
    const { store: plain } = await tiersOver([place.settings]);
    expect(await plain.actions.get(right.result.key)).toEqual({ kind: 'found', result: poisoned.result });
  });
});

describe('a remote folder that demands signatures', () => {
  it('has none that are not signed, whatever its readers ask for', async () => {
    const team = await temporaryStore({ signed: true });
    const place = { settings: remoteAt({ kind: 'directory', path: team.root }) } as Place;
    const { result } = await bring(undefined, place, 'anybody');
    const { store, troubles } = await tiersOver([place.settings]);
    expect(await store.actions.get(result.key)).toEqual({ kind: 'absent' });
    expect(troubles).toEqual([expect.stringContaining('that nobody you trust has signed')]);
    const signed = await bring(ada, place, 'anybody');
    const listed = await as(undefined, join(await temporaryFolder(), 'listed'), [ada], false);
    const { store: hers } = await tiersOver([place.settings], listed);
    expect(await hers.actions.get(result.key)).toEqual({ kind: 'found', result: signed.result });
  });
});

function forgedBy(who: Person, text: string): string {
  const body = text.split('\n')[0]!.replace('"durationMs":1234.5', '"durationMs":1.5');
  return `${body}\n${who.key.sign(body).replace(who.key.publicKey, ada.key.publicKey)}\n`;
}

async function folderPlace(): Promise<Place> {
  const team: Store = await temporaryStore();
  return {
    settings: remoteAt({ kind: 'directory', path: team.root }),
    change: (key, of, change) =>
      rewrite(`${actionPath(team, key)}.${of}`, (bytes) => change(bytes.toString())),
  };
}

async function nodePlace(): Promise<Place> {
  const server = await cacheServer();
  return {
    settings: remoteAt({ kind: 'http', url: server.url }),
    change: (key, of, change) => {
      const path = `/ac/${key}`;
      server.files.set(path, withSigned(server.files.get(path)!, of, change));
      return Promise.resolve();
    },
  };
}

async function bucketPlaceOfNode(): Promise<Place> {
  const server = await memoryBucket();
  return {
    settings: remoteAt(bucketPlace(server.endpoint)),
    change: (key, of, change) => {
      const name = `p/ac/${key}`;
      server.objects.set(name, withSigned(server.objects.get(name)!, of, change));
      return Promise.resolve();
    },
  };
}

async function nginxPlace(): Promise<Place> {
  const { url, root } = await nginx();
  return {
    settings: remoteAt({ kind: 'http', url }),
    change: (key, of, change) => rewrite(join(root, 'ac', key), (bytes) => withSigned(bytes, of, change)),
  };
}

async function rewrite(path: string, change: (bytes: Buffer) => string | Buffer): Promise<void> {
  const bytes = await readFile(path);
  await chmod(path, 0o644);
  await writeFile(path, change(bytes));
}

/** As somebody does who may write to the server: all of it fits but the signature. */
function withSigned(message: Buffer, of: string, change: (text: string) => string): Buffer {
  const { outputFiles, ...rest } = decodeActionMessage(message)!;
  const changed = outputFiles.map((file) => {
    if (file.path !== `signed/${of}`) return file;
    const contents = Buffer.from(change(Buffer.from(file.contents!).toString()));
    return { ...file, digest: digestOf(contents), contents, sizeBytes: contents.byteLength };
  });
  return encodeActionMessage({ ...rest, outputFiles: changed });
}
