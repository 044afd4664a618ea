import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchDataSet, type Fetched, type FetchRequest } from '../../../cli/fetch/fetch-data-set.ts';
import { tarGz } from './archives.ts';
import { fileServer, type FileServer } from './file-server.ts';

let dir = '';
let server: FileServer;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sweetspot-fetch-'));
  server = await fileServer();
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

// Noise does not compress: the archive has some length to be cut in.
const noise = randomBytes(100_000);
const archive = tarGz([
  { path: 'edge/', type: '5' },
  { path: './edge/cat/cat1.png', content: noise },
  { path: 'edge/._cat1.png', content: 'left by macOS' },
  { path: 'README', content: 'beside the set' },
]);
const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function get(
  given: Partial<Omit<FetchRequest, 'set'>> & { readonly set?: Partial<FetchRequest['set']> } = {},
): Promise<Fetched> {
  const { set, ...rest } = given;
  return fetchDataSet({
    dir,
    signal: new AbortController().signal,
    pause: () => Promise.resolve(),
    ...rest,
    set: { name: 'edge', summary: '', url: `${server.origin}/edge`, archive: 'tar.gz', root: 'edge', ...set },
  });
}

async function isThere(): Promise<void> {
  expect(await readdir(join(dir, 'edge'), { recursive: true })).toEqual(['cat', 'cat/cat1.png']);
  expect(noise.equals(await readFile(join(dir, 'edge/cat/cat1.png')))).toBe(true);
  expect(await readdir(join(dir, '.fetch'))).toEqual([]);
}

const half = Math.floor(archive.length / 2);

describe('a data set', () => {
  it('is put in its place whole, recorded, and not downloaded again', async () => {
    server.serve('/edge', { content: archive, etag: '"a"' });
    const fetched = await get();
    expect(fetched).toMatchObject({
      kind: 'fetched',
      checkedBy: 'nothing',
      fetched: {
        bytes: archive.length,
        sha256: sumOf(archive),
        files: 1,
        contents: sumOf(Buffer.from(`${sumOf(noise)}  cat/cat1.png\n`)),
      },
    });
    await isThere();
    expect(await get()).toMatchObject({ kind: 'there-already', fetched: { files: 1 } });
    expect(server.asked).toEqual(['/edge']);
  });

  it('has to be what was recorded at the first time', async () => {
    server.serve('/edge', { content: archive });
    await get();
    const there = dir;
    dir = await mkdtemp(join(tmpdir(), 'sweetspot-fetch-'));
    await copyFile(join(there, 'data.lock.json'), join(dir, 'data.lock.json'));
    await rm(there, { recursive: true });
    server.serve('/edge', { content: tarGz([{ path: 'edge/cat/cat1.png', content: 'another' }]) });
    expect(await get()).toMatchObject({
      kind: 'wrong-bytes',
      hint: expect.stringContaining('first download') as string,
    });
    expect(existsSync(join(dir, 'edge'))).toBe(false);
    server.serve('/edge', { content: archive });
    expect(await get()).toMatchObject({ kind: 'fetched', checkedBy: 'record' });
    await isThere();
  });

  it('has to be what its sum says, and leaves nothing where it is not', async () => {
    server.serve('/edge', { content: archive });
    const wrong = await get({ set: { sha256: '0'.repeat(64) } });
    expect(wrong).toMatchObject({
      kind: 'wrong-bytes',
      message: expect.stringContaining(sumOf(archive)) as string,
    });
    expect(await get({ set: { contents: '0'.repeat(64) } })).toMatchObject({ kind: 'wrong-bytes' });
    expect(existsSync(join(dir, 'edge'))).toBe(false);
    expect(await readdir(join(dir, '.fetch'))).toEqual([]);
    expect(await get({ set: { sha256: sumOf(archive) } })).toMatchObject({
      kind: 'fetched',
      checkedBy: 'sum',
    });
    await isThere();
  });

  it('is not put over what somebody else put there', async () => {
    await mkdir(join(dir, 'edge'));
    expect(await get()).toMatchObject({ kind: 'in-the-way' });
    await rm(join(dir, 'edge'), { recursive: true });
    await writeFile(join(dir, 'data.lock.json'), '{ no JSON');
    expect(await get()).toMatchObject({ kind: 'in-the-way' });
    expect(server.asked).toEqual([]);
  });

  it('is downloaded by one process at a time, and after one that died', async () => {
    server.serve('/edge', { content: archive });
    await mkdir(join(dir, '.fetch'));
    await writeFile(join(dir, '.fetch/edge.pid'), String(process.ppid));
    expect(await get()).toMatchObject({
      kind: 'busy',
      message: expect.stringContaining(String(process.ppid)) as string,
    });
    // No process has this number: it is larger than any system gives.
    await writeFile(join(dir, '.fetch/edge.pid'), '999999999');
    expect(await get()).toMatchObject({ kind: 'fetched' });
    await isThere();
  });
});

describe('an interrupted download', () => {
  it('goes on where the connection broke', async () => {
    server.serve('/edge', { content: archive, etag: '"a"', stalls: { after: half, times: 2 } });
    expect(await get({ onProgress: server.cut })).toMatchObject({
      kind: 'fetched',
      fetched: { sha256: sumOf(archive) },
    });
    expect(server.asked[0]).toBe('/edge');
    expect(server.asked[1]).toMatch(/^\/edge bytes=[1-9]/);
    await isThere();
  });

  it('goes on at the next call after Ctrl-C', async () => {
    server.serve('/edge', { content: archive, etag: '"a"', stalls: { after: half, times: 1 } });
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    expect(await get({ signal: stop.signal, onProgress })).toEqual({ kind: 'interrupted' });
    server.serve('/edge', { content: archive, etag: '"a"' });
    expect(await get()).toMatchObject({ kind: 'fetched', fetched: { sha256: sumOf(archive) } });
    expect(server.asked[1]).toMatch(/^\/edge bytes=[1-9]/);
    await isThere();
  });

  it.each([
    ['the file has changed', { etag: '"b"' }],
    ['the server knows no ranges', { etag: '"a"', ranges: false }],
    ['the server cannot say whether it is the same file', { etag: undefined }],
    ['the server does not say how much is to come', { etag: '"a"', announces: false }],
  ])('ends well where %s', async (_case, then) => {
    const other = tarGz([{ path: 'edge/cat/cat1.png', content: noise }]);
    server.serve('/edge', {
      content: other,
      etag: then.etag === undefined ? undefined : '"a"',
      stalls: { after: 40_000, times: 1 },
    });
    const stop = new AbortController();
    await get({ signal: stop.signal, onProgress: () => stop.abort() });
    const content = then.etag === '"a"' ? other : archive;
    server.serve('/edge', { content, ...then });
    expect(await get()).toMatchObject({ kind: 'fetched', fetched: { sha256: sumOf(content) } });
    await isThere();
  });

  it('asks for nothing more where all bytes are there', async () => {
    server.serve('/edge', { content: archive, etag: '"a"' });
    await mkdir(join(dir, '.fetch'));
    await writeFile(join(dir, '.fetch/edge'), archive);
    const from = { url: `${server.origin}/edge`, validator: '"a"' };
    await writeFile(join(dir, '.fetch/edge.from'), JSON.stringify(from));
    expect(await get()).toMatchObject({ kind: 'fetched' });
    expect(server.asked).toEqual([`/edge bytes=${archive.length}-`]);
    await isThere();
  });

  it('after all bytes came is not begun anew', async () => {
    server.serve('/edge', { content: archive, etag: '"a"' });
    const stop = new AbortController();
    const onProgress = ({ bytes }: { readonly bytes: number }): void => {
      if (bytes === archive.length) stop.abort();
    };
    expect(await get({ signal: stop.signal, onProgress })).toEqual({ kind: 'interrupted' });
    expect(await get()).toMatchObject({ kind: 'fetched' });
    expect(server.asked).toEqual(['/edge', `/edge bytes=${archive.length}-`]);
    await isThere();
  });

  it('gives up after some attempts, and keeps what came', async () => {
    server.serve('/edge', { content: archive, etag: '"a"', stalls: { after: 100, times: 99 } });
    expect(await get({ onProgress: server.cut })).toMatchObject({ kind: 'network' });
    expect(server.asked).toHaveLength(5);
    expect((await readFile(join(dir, '.fetch/edge'))).length).toBeGreaterThan(0);
  });

  it('gives up a server that says nothing', async () => {
    server.serve('/edge', { content: archive, stalls: { after: 10, times: 99 } });
    const silent = await get({ silentMs: 50 });
    expect(silent).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('nothing came') as string,
    });
  });
});

describe('a server', () => {
  it('may send elsewhere, but not round in circles, and not to something less safe', async () => {
    const redirect = (location: string) => (response: ServerResponse) => {
      response.writeHead(302, { location }).end();
    };
    server.serve('/edge', redirect('/moved'));
    server.serve('/moved', redirect(`${server.origin}/there`));
    server.serve('/there', redirect('/there'));
    expect(await get()).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('more than 10') as string,
    });
    server.serve('/there', redirect('ftp://127.0.0.1/edge'));
    expect(await get()).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('less safe') as string,
    });
    server.serve('/there', { content: archive });
    expect(await get()).toMatchObject({ kind: 'fetched' });
    await isThere();
  });

  it('is asked once where it says no, and again where it is busy', async () => {
    expect(await get()).toMatchObject({ kind: 'network', message: `${server.origin}/edge answers 404` });
    expect(server.asked).toHaveLength(1);
    let busy = 2;
    server.serve('/edge', (response) => {
      busy -= 1;
      if (busy >= 0) response.writeHead(503).end();
      else response.end(archive);
    });
    expect(await get()).toMatchObject({ kind: 'fetched' });
    expect(server.asked).toHaveLength(4);
    await isThere();
  });

  it('that is not there is named', async () => {
    const gone = await get({ set: { url: 'http://127.0.0.1:1/edge' } });
    expect(gone).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('127.0.0.1:1') as string,
    });
  });
});

describe('a disk', () => {
  it('without room for what is announced is not filled', async () => {
    server.serve('/edge', (response) => {
      response.writeHead(200, { 'content-length': 10 ** 15 }).write('x');
    });
    expect(await get()).toMatchObject({
      kind: 'disk',
      message: expect.stringContaining(`${10 ** 15} bytes`) as string,
    });
    expect(server.asked).toHaveLength(1);
  });

  it.runIf(existsSync('/dev/full'))('that is full is said to be', async () => {
    server.serve('/edge', { content: archive });
    await mkdir(join(dir, '.fetch'));
    await symlink('/dev/full', join(dir, '.fetch/edge'));
    expect(await get()).toMatchObject({ kind: 'disk', message: expect.stringContaining('ENOSPC') as string });
    expect(existsSync(join(dir, 'edge'))).toBe(false);
  });
});
