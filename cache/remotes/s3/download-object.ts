import { createHash } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { digestOf } from '../../digest.ts';
import type { Digest } from '../../digest.ts';
import { SequentialWriter } from '../../local/sequential-writer.ts';
import { guarded } from '../../system-error.ts';
import { writeBody } from '../http/write-body.ts';
import { isSmall, writeSmall } from '../http/write-small.ts';
import type { BlobDownload, DownloadedBlob, RemoteCall, RemoteFailure } from '../remote.ts';
import type { BucketError } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { openRange, readRange } from './read-range.ts';
import type { RangeBytes } from './read-range.ts';

/** Ranges of an object that are under way or waiting to be written: their bytes are held in memory. */
const rangesAtOnce = 4;
/** How often a server that knows no ranges is asked from the start. */
const mostStarts = 3;

export interface ObjectDownload extends BlobDownload {
  readonly key: string;
}

/**
 * Writes an object into a new file while it is hashed: what is small with one request, more than that as ranges of which some are asked for
 * at a time. A connection that breaks costs what was to come over it. Nothing is left there unless all of it arrived.
 */
export async function downloadObject(
  bucket: Bucket,
  download: ObjectDownload,
  call: RemoteCall,
): Promise<DownloadedBlob | BucketError> {
  const { key, path, mostBytes } = download;
  const lastByte = bucket.limits.rangeBytes - 1;
  for (let start = 1; ; start++) {
    const first = await openRange(bucket, { key, startByte: 0, endByte: lastByte }, call);
    switch (first.kind) {
      case 'range': {
        const { response, totalBytes } = first;
        if (totalBytes > mostBytes) {
          response.destroy();
          return tooLong(totalBytes);
        }
        const opened = { ...download, totalBytes, opened: response };
        const isOne = totalBytes <= bucket.limits.rangeBytes && isSmall(totalBytes);
        return await (isOne ? writeOne : writeRanges)(bucket, opened, call);
      }
      case 'whole': {
        const got = await writeBody(first.response, { path, mostBytes }, call);
        if (got.kind === 'remote-failure' && start < mostStarts && !call.signal.aborted) break;
        return got;
      }
      case 'beyond':
        return await emptyFile(path);
      default:
        return first;
    }
  }
}

type OpenedDownload = ObjectDownload & { readonly totalBytes: number; readonly opened: IncomingMessage };

/** What is one range, held in memory. */
async function writeOne(
  bucket: Bucket,
  { key, path, totalBytes, opened }: OpenedDownload,
  call: RemoteCall,
): Promise<DownloadedBlob | BucketError> {
  const range = await readRange(bucket, { key, startByte: 0, endByte: totalBytes - 1, opened }, call);
  // It has been paced as it came.
  return range.kind === 'read' ? await writeSmall(path, Buffer.concat(range.pieces), {}) : range;
}

async function writeRanges(
  bucket: Bucket,
  request: OpenedDownload,
  call: RemoteCall,
): Promise<DownloadedBlob | BucketError> {
  const { key, path, totalBytes, opened } = request;
  const { rangeBytes } = bucket.limits;
  const stop = new AbortController();
  const limited = { ...call, signal: AbortSignal.any([call.signal, stop.signal]) };
  const read = (startByte: number): Promise<RangeBytes> => {
    const endByte = Math.min(startByte + rangeBytes, totalBytes) - 1;
    const begun = startByte === 0 ? { opened } : {};
    return readRange(bucket, { key, startByte, endByte, ...begun }, limited);
  };
  const flights: Promise<RangeBytes>[] = [];
  let nextByte = 0;
  const fill = (): void => {
    for (; flights.length < rangesAtOnce && nextByte < totalBytes; nextByte += rangeBytes)
      flights.push(read(nextByte));
  };
  fill();
  const written = await guarded(path, async (): Promise<DownloadedBlob | BucketError> => {
    await using file = await open(path, 'wx', 0o444);
    const writer = new SequentialWriter(file, true);
    const hash = createHash('sha256');
    for (let flight = flights[0]; flight !== undefined; flight = flights[0]) {
      const range = await flight;
      if (range.kind !== 'read') return range;
      const writing = writer.writeAll(range.pieces);
      for (const piece of range.pieces) hash.update(piece);
      await writing;
      void flights.shift();
      fill();
    }
    await writer.end();
    return { kind: 'received', digest: hash.digest('hex') as Digest, sizeBytes: totalBytes };
  });
  if (written.kind === 'received') return written;
  stop.abort();
  opened.destroy();
  await Promise.all(flights);
  await guarded(path, () => unlink(path));
  return written;
}

async function emptyFile(path: string): Promise<DownloadedBlob> {
  return await guarded<DownloadedBlob>(path, async () => {
    await using file = await open(path, 'wx', 0o444);
    await file.sync();
    return { kind: 'received', digest: digestOf(''), sizeBytes: 0 };
  });
}

function tooLong(
  totalBytes: number,
): Extract<DownloadedBlob, { readonly kind: 'malformed' }> | RemoteFailure {
  return { kind: 'malformed', problem: `is of ${totalBytes} bytes` };
}
