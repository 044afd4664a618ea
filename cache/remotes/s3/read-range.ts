import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { isBucketError, patiently, pauseAfter } from './attempts.ts';
import type { BucketError } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { ask } from './request.ts';

/** Answers in a row that break off before they bring anything. */
const mostFruitless = 3;

export interface Range {
  readonly key: string;
  readonly startByte: number;
  /** The last that belongs to it. */
  readonly endByte: number;
}

export type OpenedRange =
  /** `totalBytes`: of the whole object. */
  | { readonly kind: 'range'; readonly response: IncomingMessage; readonly totalBytes: number }
  /** The server knows no ranges: this is all of it. */
  | { readonly kind: 'whole'; readonly response: IncomingMessage }
  /** The object ends before the range begins. */
  | { readonly kind: 'beyond' }
  | BucketError
  | RemoteFailure;

/** Asks for a part of an object; what is not answered for a reason that may pass is asked for again. */
export async function openRange(
  bucket: Bucket,
  { key, startByte, endByte }: Range,
  call: RemoteCall,
): Promise<OpenedRange> {
  const headers = { range: `bytes=${startByte}-${endByte}` };
  const answer = await patiently(call, () => ask(bucket, { method: 'GET', key, headers }, call));
  if (isBucketError(answer)) return answer.status === 416 ? { kind: 'beyond' } : answer;
  if (answer.kind !== 'answered') return answer;
  const { response } = answer;
  if (response.statusCode !== 206) return { kind: 'whole', response };
  const given = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers['content-range'] ?? '');
  if (given !== null && Number(given[1]) === startByte)
    return { kind: 'range', response, totalBytes: Number(given[2]) };
  response.destroy();
  const detail = 'it answers a request for a range with one that was not asked for';
  return { kind: 'remote-failure', reason: 'failed', detail };
}

export type RangeBytes =
  { readonly kind: 'read'; readonly pieces: readonly Buffer[] } | BucketError | RemoteFailure;

/**
 * All bytes of a range. Where the connection breaks, the rest is asked for, as often as that brings something. `opened`: an answer
 * that has begun already.
 */
export async function readRange(
  bucket: Bucket,
  range: Range & { readonly opened?: IncomingMessage },
  call: RemoteCall,
): Promise<RangeBytes> {
  const pieces: Buffer[] = [];
  let { startByte } = range;
  let { opened } = range;
  for (let fruitless = 0; startByte <= range.endByte;) {
    if (opened === undefined) {
      const next = await openRange(bucket, { ...range, startByte }, call);
      if (next.kind === 'beyond' || next.kind === 'whole') return changedMeanwhile(next);
      if (next.kind !== 'range') return next;
      opened = next.response;
    }
    const before = startByte;
    const trouble = await collect(opened, range.endByte + 1 - startByte, pieces, call);
    opened = undefined;
    startByte = range.startByte + pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (trouble === undefined) continue;
    fruitless = startByte > before ? 1 : fruitless + 1;
    if (fruitless >= mostFruitless || !(await pauseAfter(fruitless, call))) return trouble;
  }
  return { kind: 'read', pieces };
}

/** Takes what comes, up to so many bytes; what breaks it off is returned. */
async function collect(
  response: IncomingMessage,
  mostBytes: number,
  pieces: Buffer[],
  { onBytes, pace }: RemoteCall,
): Promise<RemoteFailure | undefined> {
  let leftBytes = mostBytes;
  let paced = Promise.resolve();
  const broken = await new Promise<string | undefined>((resolve) => {
    response.on('data', (piece: Buffer) => {
      onBytes(piece.byteLength);
      if (leftBytes > 0) pieces.push(piece.subarray(0, leftBytes));
      leftBytes -= Math.min(leftBytes, piece.byteLength);
      if (pace === undefined) return;
      response.pause();
      paced = pace(piece.byteLength);
      void paced.then(() => response.resume());
    });
    // Also of one that was broken off before anybody listened.
    finished(response, { writable: false }, (error) =>
      resolve(leftBytes > 0 ? (error?.message ?? 'it ended too early') : undefined),
    );
  });
  // The last piece takes as long as others.
  await paced;
  return broken === undefined
    ? undefined
    : { kind: 'remote-failure', reason: 'failed', detail: `its answer broke off: ${broken}` };
}

function changedMeanwhile({
  kind,
  ...rest
}: Extract<OpenedRange, { kind: 'beyond' | 'whole' }>): RemoteFailure {
  if ('response' in rest) rest.response.destroy();
  const detail = `an object was replaced while it was read (${kind})`;
  return { kind: 'remote-failure', reason: 'failed', detail };
}
