import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../cache/digest.ts';
import { httpRemote } from '../../../../cache/remotes/http/http-remote.ts';
import type { Remote } from '../../../../cache/remotes/remote.ts';
import { actionResult } from '../../support/action-results.ts';
import type { Intercept } from '../../support/cache-server.ts';
import { fill } from '../../support/filled-store.ts';
import { memoryBucket, refuse } from '../../support/memory-bucket.ts';
import { blobOf, bucketPlace, testSecret, tinyRemote } from '../../support/memory-tiers.ts';
import { patientCall } from '../../support/remote-contract.ts';
import { temporaryFolder, temporaryStore, unpublishedFiles } from '../../support/temporary-store.ts';
import { remoteAt, tiersOver } from '../../support/tiers.ts';

const key = actionResult('x').key;
const gets =
  (answer: (response: ServerResponse, nth: number) => boolean): Intercept =>
  (request, response) =>
    request.method === 'GET' && answer(response, count++);
let count = 0;

async function holding(intercept: Intercept, sizeBytes = 100_000) {
  count = 0;
  const server = await memoryBucket(intercept);
  const blob = await blobOf(sizeBytes);
  server.objects.set(`p/cas/${blob.digest}`, blob.bytes);
  const { remote, said } = tinyRemote(server.endpoint);
  return { server, blob, remote, said, fetch: () => download(remote, blob) };
}

async function download(remote: Remote, { digest, sizeBytes }: { digest: string; sizeBytes: number }) {
  const path = join(await temporaryFolder(), 'copy');
  const request = { digest: digest as ReturnType<typeof digestOf>, path, mostBytes: sizeBytes };
  const got = await remote.getBlob(request, patientCall);
  return { got, bytes: await readFile(path).catch(() => undefined) };
}

describe('a bucket that fails', () => {
  it('in the middle of bodies: what has come is kept, and the rest is asked for', async () => {
    const { fetch, blob, server } = await holding((request, response) => {
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      const [start, end] = [Number(range?.[1]), Number(range?.[2])];
      if (request.method !== 'GET' || end - start < 6000) return false;
      response.writeHead(206, {
        'content-range': `bytes ${start}-${end}/${blob.sizeBytes}`,
        'content-length': end - start + 1,
      });
      response.write(blob.bytes.subarray(start, start + 5000), () => response.destroy());
      return true;
    });
    const { got, bytes } = await fetch();
    expect(got).toMatchObject({ kind: 'received', digest: blob.digest, sizeBytes: blob.sizeBytes });
    expect(bytes?.equals(blob.bytes)).toBe(true);
    const asked = server.headers.map(({ range }) => range);
    expect(asked).toContain('bytes=0-15999');
    expect(asked).toContain('bytes=5000-15999');
    expect(asked).toContain('bytes=10000-15999');
    expect(new Set(asked).size).toBe(asked.length);
  });

  it.each<[string, RegExp, Intercept]>([
    [
      'breaks off each time',
      /broke off|hang up/,
      gets((response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-15999/100000', 'content-length': 16_000 });
        response.flushHeaders();
        response.destroy();
        return true;
      }),
    ],
    ['closes without an answer', /hang up/, gets((response) => Boolean(response.destroy()))],
    ['is overloaded', /503 SlowDown/, gets((response) => no(response, 503, 'SlowDown'))],
    ['is broken', /500 InternalError/, gets((response) => no(response, 500, 'InternalError'))],
    ['has waited for us', /400 RequestTimeout/, gets((response) => no(response, 400, 'RequestTimeout'))],
  ])('and %s is given up after some attempts', async (_, words, intercept) => {
    const { fetch, server } = await holding(intercept);
    const { got, bytes } = await fetch();
    expect(got).toMatchObject({ kind: 'remote-failure', detail: expect.stringMatching(words) as string });
    expect(bytes).toBeUndefined();
    expect(server.requests.length).toBeGreaterThan(1);
    expect(server.requests.length).toBeLessThanOrEqual(4 * 3);
  });

  it('for a moment costs nothing', async () => {
    const { fetch, blob, said } = await holding(
      gets((response, nth) => nth < 2 && no(response, 503, 'SlowDown')),
    );
    expect((await fetch()).got).toMatchObject({ kind: 'received', digest: blob.digest });
    expect(said).toEqual([]);
  });

  it('sends more than a range: the rest is not taken', async () => {
    const { fetch, blob } = await holding((request, response) => {
      const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]);
      const given = `bytes ${start}-${blob.sizeBytes - 1}/${blob.sizeBytes}`;
      response.writeHead(206, { 'content-range': given }).end(blob.bytes.subarray(start));
      return true;
    });
    expect((await fetch()).got).toMatchObject({ kind: 'received', digest: blob.digest });
  });

  it('knows no ranges: it is taken whole', async () => {
    const { fetch, blob } = await holding(
      gets((response) => Boolean(response.writeHead(200).end(blob.bytes))),
    );
    const { got, bytes } = await fetch();
    expect(got).toMatchObject({ kind: 'received', digest: blob.digest });
    expect(bytes?.equals(blob.bytes)).toBe(true);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['other bytes', (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('!')])],
    ['fewer bytes', (bytes) => bytes.subarray(0, 40_000)],
    ['more bytes', (bytes) => Buffer.concat([bytes, Buffer.from('!')])],
    ['nothing', () => Buffer.alloc(0)],
  ])('holds %s: they are named and not taken', async (_, change) => {
    const { server, blob } = await holding(() => false);
    server.objects.set(`p/cas/${blob.digest}`, change(blob.bytes));
    const { store, local, troubles } = await tiersOver([remoteAt(bucketPlace(server.endpoint))]);
    expect((await store.blobs.read(blob.digest)).kind).toBe('absent');
    expect(troubles).toEqual([expect.stringContaining(blob.digest)]);
    expect(await unpublishedFiles(local)).toEqual([]);
  });

  it('says nothing: it is waited for once, and left alone', async () => {
    const { server, blob } = await holding(() => true);
    const place = bucketPlace(server.endpoint);
    const { store, troubles } = await tiersOver([remoteAt(place, { timeoutMs: 300 })]);
    for (let tried = 0; tried < 3; tried++) expect((await store.blobs.read(blob.digest)).kind).toBe('absent');
    expect(server.requests).toHaveLength(1);
    expect(troubles).toEqual([expect.stringMatching(/left alone from here on: gave no sign of life/)]);
  });
});

describe('what a bucket refuses', () => {
  const skewed = { headers: { date: new Date(Date.now() + 3_600_000).toUTCString() } };
  it.each<[number, string, Parameters<typeof refuse>[3], RegExp]>([
    [403, 'RequestTimeTooSkewed', skewed, /clock is 60 min behind.*set the clock/],
    [403, 'SignatureDoesNotMatch', {}, /is the secret access key that of the access key id\?/],
    [403, 'InvalidAccessKeyId', {}, /does not know the access key id/],
    [400, 'ExpiredToken', {}, /session token \(ExpiredToken\): ask for new credentials/],
    [404, 'NoSuchBucket', {}, /bucket 'team' \(127.0.0.1:\d+\): there is no such bucket there/],
    [
      301,
      'PermanentRedirect',
      { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      /lies in region eu-west-1, not in us-east-1: say `region: eu-west-1`/,
    ],
    [400, 'AuthorizationHeaderMalformed', { xml: '<Region>eu-north-1</Region>' }, /say `region: eu-north-1`/],
    [301, 'PermanentRedirect', {}, /is to be asked elsewhere.*is the endpoint, or the region us-east-1/],
    [418, 'Teapot', {}, /418 Teapot/],
  ])('%i %s is said with what to do, at once', async (status, code, more, words) => {
    const { remote, server } = await holding((_, response) => no(response, status, code, more));
    const got = await remote.getAction(key, patientCall);
    expect(got).toMatchObject({ kind: 'remote-failure', reason: 'refused' });
    expect(JSON.stringify(got)).toMatch(words);
    expect(JSON.stringify(got)).not.toContain(testSecret);
    expect(server.requests).toHaveLength(1);
  });

  it('it may refuse to those who may list it: then it is left alone for reading', async () => {
    const { remote } = await holding((request, response) => {
      const isObject = !request.url!.includes('list-type');
      return isObject && no(response, 403, 'AccessDenied');
    });
    const looked = await remote.hasBlobs([digestOf('a')], patientCall);
    expect(looked).toMatchObject({
      reason: 'refused',
      detail: expect.stringContaining('denies it') as string,
    });
  });

  it('what it lacks is denied to those who may not list it: that is said once', async () => {
    const { remote, blob, said, fetch } = await holding((request, response) => {
      const isThere = request.url!.includes(blob.digest);
      return !isThere && no(response, 403, request.method === 'HEAD' ? '' : 'AccessDenied');
    });
    expect(await remote.getAction(key, patientCall)).toEqual({ kind: 'absent' });
    const looked = await remote.hasBlobs([digestOf('a'), blob.digest], patientCall);
    expect(looked).toEqual({ kind: 'looked', present: new Set([blob.digest]) });
    expect((await fetch()).got).toMatchObject({ kind: 'received' });
    expect([...new Set(said)]).toEqual([expect.stringMatching(/taken as "not there"/)]);
  });

  it('is asked without a signature where there are no credentials', async () => {
    const { server, blob } = await holding(() => false);
    const { remote } = tinyRemote(server.endpoint, { anonymous: true });
    expect((await download(remote, blob)).got).toMatchObject({ kind: 'received' });
    expect(server.headers.every(({ authorization }) => authorization === undefined)).toBe(true);
    const closed = await holding(
      (request, response) => request.method === 'PUT' && no(response, 403, 'AccessDenied'),
    );
    const reader = tinyRemote(closed.server.endpoint, { anonymous: true });
    expect(await reader.remote.putBlob(blob, patientCall)).toMatchObject({
      reason: 'refused',
      detail: expect.stringContaining('no credentials were found') as string,
    });
  });

  it('a bucket that takes nothing serves all the same', async () => {
    const own = await temporaryStore();
    const { result } = await fill(own, 'task', { 'a.txt': 'a' });
    const { server, blob } = await holding(
      (request, response) => request.method === 'PUT' && no(response, 403, 'AccessDenied'),
    );
    const { push, store, troubles } = await tiersOver([remoteAt(bucketPlace(server.endpoint))], own);
    expect(await push(result.key)).toMatchObject({ results: 0, missing: 1 });
    expect(troubles).toEqual([expect.stringMatching(/left alone for writing .*403 AccessDenied/)]);
    expect((await store.blobs.read(blob.digest)).kind).toBe('found');
  });
});

describe('a result in a bucket', () => {
  const first = actionResult('task', { extra: digestOf('1') });
  const second = actionResult('task', { extra: digestOf('2') });
  const publish = (remote: Remote, result: typeof first) =>
    remote.putAction({ result, files: [] }, patientCall);

  it('that came between the look and the put stands', async () => {
    let puts = 0;
    const server = await memoryBucket((request, response) => {
      if (request.method === 'PUT' && request.url!.includes('/ac/')) puts += 1;
      // The second put comes too late, and from then on the first one's can be read.
      const isLook = puts < 2 && request.method === 'GET' && request.url!.includes('/ac/');
      if (isLook) refuse(response, 404, 'NoSuchKey');
      return isLook;
    });
    const { remote } = tinyRemote(server.endpoint);
    expect(await publish(remote, first)).toEqual({ kind: 'stored' });
    expect(await publish(remote, second)).toMatchObject({ kind: 'exists', same: false });
    expect(puts).toBe(2);
    expect(await remote.getAction(first.key, patientCall)).toEqual({ kind: 'found', result: first });
  });

  it.each<[string, Intercept]>([
    [
      'refuses conditions',
      (request, response) => request.headers['if-none-match'] === '*' && no(response, 501, 'NotImplemented'),
    ],
    [
      'passes conditions over',
      (request) => {
        delete request.headers['if-none-match'];
        return false;
      },
    ],
  ])('of a server that %s is brought, and what follows is said', async (_, intercept) => {
    const server = await memoryBucket(intercept);
    const { remote, said } = tinyRemote(server.endpoint);
    expect(await publish(remote, first)).toEqual({ kind: 'stored' });
    expect(await publish(remote, second)).toMatchObject({ kind: 'exists', same: false });
    expect(said).toEqual([expect.stringMatching(/does not heed If-None-Match: where two bring/)]);
  });

  it('is what a remote of HTTP reads, where the bucket is served', async () => {
    const server = await memoryBucket();
    const { remote } = tinyRemote(server.endpoint);
    expect(await publish(remote, first)).toEqual({ kind: 'stored' });
    const url = `${server.endpoint}/team/p`;
    const served = httpRemote({ name: 'team', place: { kind: 'http', url } }, {});
    expect(await served.getAction(first.key, patientCall)).toEqual({ kind: 'found', result: first });
  });

  it('that is none may be replaced', async () => {
    const server = await memoryBucket();
    server.objects.set(`p/ac/${first.key}`, Buffer.from('hello'));
    const { remote } = tinyRemote(server.endpoint);
    expect(await remote.getAction(first.key, patientCall)).toMatchObject({ kind: 'malformed' });
    expect(await publish(remote, first)).toEqual({ kind: 'stored' });
    expect(await remote.getAction(first.key, patientCall)).toEqual({ kind: 'found', result: first });
  });

  it('is told of when all of it is there', async () => {
    const own = await temporaryStore();
    const { result, artifact } = await fill(own, 'task', { 'a.txt': 'a' });
    let lackedThen: readonly string[] | undefined;
    const server = await memoryBucket((request) => {
      if (request.method === 'PUT' && request.url?.startsWith('/team/p/ac/') === true)
        lackedThen = [artifact, digestOf('a'), result.key, result.provenance.log!].filter(
          (each) => !server.objects.has(`p/cas/${each}`),
        );
      return false;
    });
    const { push } = await tiersOver([remoteAt(bucketPlace(server.endpoint))], own);
    expect(await push(result.key)).toMatchObject({ results: 1, missing: 0 });
    expect(lackedThen).toEqual([]);
  });
});

function no(...args: Parameters<typeof refuse>): true {
  refuse(...args);
  return true;
}
