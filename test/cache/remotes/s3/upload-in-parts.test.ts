import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { partsOf } from '../../../../cache/remotes/s3/parts.ts';
import { sendPart } from '../../../../cache/remotes/s3/send-part.ts';
import type { Intercept } from '../../support/cache-server.ts';
import { memoryBucket, refuse } from '../../support/memory-bucket.ts';
import type { MemoryBucket } from '../../support/memory-bucket.ts';
import { blobOf, tinyLimits, tinyRemote } from '../../support/memory-tiers.ts';
import { patientCall } from '../../support/remote-contract.ts';
import { until } from '../../support/until.ts';

const size = 6.5 * tinyLimits.partBytes;
const partNumber = (url: string | undefined): number =>
  Number(/partNumber=(\d+)/.exec(url ?? '')?.[1] ?? Number.NaN);

const sentParts = ({ requests }: MemoryBucket): readonly number[] =>
  requests.filter((each) => each.startsWith('PUT')).map(partNumber);

describe('parts', () => {
  it('are no more than may be, up to the largest object', () => {
    const usual = 16 * 1024 * 1024;
    for (const sizeBytes of [1, usual, usual + 1, 200 * 2 ** 30, 5 * 2 ** 40]) {
      const parts = partsOf(sizeBytes, usual);
      expect(parts.length).toBeLessThanOrEqual(10_000);
      expect(parts.reduce((sum, part) => sum + part.sizeBytes, 0)).toBe(sizeBytes);
      parts.forEach((part, index) => {
        expect(part).toMatchObject({ number: index + 1, startByte: index * parts[0]!.sizeBytes });
      });
      expect(parts[0]!.sizeBytes).toBeGreaterThanOrEqual(Math.min(sizeBytes, usual));
      expect(parts[0]!.sizeBytes).toBeLessThan(5 * 2 ** 30);
    }
  });
});

describe('an upload in parts', () => {
  it('that was killed goes on with what is lacking, and what others left is given up', async () => {
    let isHeld = true;
    const server = await memoryBucket((request) => isHeld && partNumber(request.url) > 2);
    const blob = await blobOf(size);
    const program = fileURLToPath(new URL('../../support/put-slowly.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', program, server.endpoint, blob.path]);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    onTestFinished(() => void child.kill('SIGKILL'));
    // Two parts have arrived, and four are under way without an answer: more than that does not come at a time.
    const begun = await until(() =>
      Promise.resolve(
        [...server.uploads.values()].find(({ parts }) => parts.size === 2 && sentParts(server).length === 6),
      ),
    );
    child.kill('SIGKILL');
    await ended;
    expect([...begun.parts.keys()].toSorted()).toEqual([1, 2]);
    expect(server.objects.size).toBe(0);

    isHeld = false;
    const before = sentParts(server).length;
    const { remote } = tinyRemote(server.endpoint);
    // The one begun last, which the server tells by their order, is the one that is gone on with.
    const [uploadId] = server.uploads.keys();
    server.uploads.clear();
    server.uploads.set('left-long-ago', { key: `p/cas/${blob.digest}`, parts: new Map() });
    server.uploads.set(uploadId!, begun);
    server.uploads.set('of-another-object', { key: 'p/cas/other', parts: new Map() });
    expect(await remote.putBlob(blob, patientCall)).toEqual({ kind: 'stored' });
    expect(sentParts(server).slice(before).toSorted()).toEqual([3, 4, 5, 6, 7]);
    expect(server.objects.get(`p/cas/${blob.digest}`)?.equals(blob.bytes)).toBe(true);
    expect([...server.uploads.keys()]).toEqual(['of-another-object']);
  });

  it('sends again what lies there with other bytes, or another length', async () => {
    const server = await memoryBucket();
    const blob = await blobOf(size);
    const { partBytes } = tinyLimits;
    const part = (number: number): Buffer =>
      blob.bytes.subarray((number - 1) * partBytes, number * partBytes);
    server.uploads.set('begun', {
      key: `p/cas/${blob.digest}`,
      parts: new Map([
        [1, part(1)],
        [2, Buffer.alloc(partBytes, 'x')],
        [3, part(3).subarray(1)],
        [4, part(4)],
        [99, part(5)],
      ]),
    });
    const { remote } = tinyRemote(server.endpoint);
    expect(await remote.putBlob(blob, patientCall)).toEqual({ kind: 'stored' });
    expect(sentParts(server).toSorted()).toEqual([2, 3, 5, 6, 7]);
    expect(server.objects.get(`p/cas/${blob.digest}`)?.equals(blob.bytes)).toBe(true);
  });

  it('tells parts by their checksums where tags are no MD5, as on servers that encrypt', async () => {
    const server = await memoryBucket();
    const { bucket } = tinyRemote(server.endpoint);
    const bytes = Buffer.from('part');
    const checksum = createHash('sha256').update(bytes).digest('base64');
    const send = (kept: string) =>
      sendPart(
        bucket,
        {
          ...{ key: 'p/cas/x', number: 1, bytes },
          upload: {
            ...{ uploadId: 'u', keepsChecksums: true },
            parts: new Map([[1, { etag: '"opaque"', sizeBytes: bytes.byteLength, checksum: kept }]]),
          },
        },
        patientCall,
      );
    expect(await send(checksum)).toEqual({ kind: 'sent', number: 1, etag: '"opaque"', checksum });
    expect(server.requests).toEqual([]);
    expect(await send(checksum.replace(/^./, '!'))).toMatchObject({ code: 'NoSuchUpload' });
    expect(server.requests).toHaveLength(1);
  });

  it('that somebody else has finished meanwhile is there', async () => {
    const blob = await blobOf(size);
    const key = `p/cas/${blob.digest}`;
    const server = await memoryBucket((request) => {
      if (request.method === 'POST' && request.url?.includes('uploadId') === true) {
        server.objects.set(key, blob.bytes);
        server.uploads.clear();
      }
      return false;
    });
    const { remote } = tinyRemote(server.endpoint);
    expect(await remote.putBlob(blob, patientCall)).toEqual({ kind: 'stored' });
    expect(sentParts(server)).toHaveLength(7);
  });

  it('that somebody has given up meanwhile begins anew', async () => {
    const blob = await blobOf(size);
    let isGivenUp = false;
    const server = await memoryBucket((request) => {
      if (!isGivenUp && partNumber(request.url) === 5) {
        isGivenUp = true;
        server.uploads.clear();
      }
      return false;
    });
    const { remote } = tinyRemote(server.endpoint);
    expect(await remote.putBlob(blob, patientCall)).toEqual({ kind: 'stored' });
    expect(server.objects.get(`p/cas/${blob.digest}`)?.equals(blob.bytes)).toBe(true);
    expect(server.uploads.size).toBe(0);
  });

  it('is not believed to be put together before the end of the answer says so', async () => {
    let asked = 0;
    const server = await memoryBucket((request, response) => {
      if (request.method !== 'POST' || request.url?.includes('uploadId') !== true) return false;
      asked += 1;
      if (asked > 1) return false;
      refuse(response, 200, 'InternalError');
      return true;
    });
    const blob = await blobOf(size);
    const { remote } = tinyRemote(server.endpoint);
    expect(await remote.putBlob(blob, patientCall)).toEqual({ kind: 'stored' });
    expect([asked, server.objects.size]).toEqual([2, 1]);
  });

  it('of a file that has changed is not finished', async () => {
    const server = await memoryBucket();
    const blob = await blobOf(size);
    await writeFile(blob.path, Buffer.concat([blob.bytes.subarray(0, -1), Buffer.from('!')]));
    const { remote } = tinyRemote(server.endpoint);
    expect(await remote.putBlob(blob, patientCall)).toMatchObject({
      kind: 'remote-failure',
      detail: expect.stringContaining('damaged here') as string,
    });
    expect([server.objects.size, server.uploads.size]).toEqual([0, 0]);
    const little = await blobOf(100);
    await writeFile(little.path, 'other');
    const before = server.requests.length;
    expect(await remote.putBlob(little, patientCall)).toMatchObject({ kind: 'remote-failure' });
    expect(server.requests).toHaveLength(before);
  });

  it.each<[string, Intercept]>([
    [
      'knows no checksums',
      (request, response) => {
        const isNew = Object.keys(request.headers).some((name) => name.startsWith('x-amz-checksum'));
        if (isNew) request.on('end', () => refuse(response, 501, 'NotImplemented')).resume();
        return isNew;
      },
    ],
    [
      'does not tell of unfinished uploads',
      (request, response) => {
        const isListing = request.method === 'GET' && request.url?.includes('upload') === true;
        if (isListing) refuse(response, 403, 'AccessDenied');
        return isListing;
      },
    ],
  ])('goes to a server that %s, too', async (_, intercept) => {
    const server = await memoryBucket(intercept);
    const { remote } = tinyRemote(server.endpoint);
    for (const blob of [await blobOf(size), await blobOf(100)]) {
      expect(await remote.putBlob(blob, patientCall)).toEqual({ kind: 'stored' });
      expect(server.objects.get(`p/cas/${blob.digest}`)?.equals(blob.bytes)).toBe(true);
    }
  });
});
