import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { firstAnswer } from '../../local/concurrently.ts';
import { guarded } from '../../system-error.ts';
import type { BlobUpload, RemoteCall, RemoteFailure } from '../remote.ts';
import { isBucketError, patiently } from './attempts.ts';
import { isAbsent } from './bucket-errors.ts';
import type { BucketError } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { unlessRefused } from './checksums.ts';
import { completeUpload } from './complete-upload.ts';
import { partsOf } from './parts.ts';
import type { Part } from './parts.ts';
import { ask, askWhole } from './request.ts';
import { sendPart } from './send-part.ts';
import type { SentPart } from './send-part.ts';
import { abortUpload, unfinishedUpload, unfinishedUploads } from './unfinished-uploads.ts';
import type { UnfinishedUpload } from './unfinished-uploads.ts';
import { damagedHere, unreadable } from '../upload-failures.ts';
import { readXml } from './xml-answers.ts';

/** Parts of an object that are under way, and in memory. */
const partsAtOnce = 4;

type Blob = BlobUpload & { readonly key: string };
type Done = { readonly kind: 'stored' } | BucketError | RemoteFailure;

/**
 * Brings a blob as parts that lie there until all have arrived: an upload that was interrupted goes on where it was, also somebody
 * else's. When the blob is there, uploads of it that others have left are given up.
 */
export async function uploadInParts(bucket: Bucket, blob: Blob, call: RemoteCall): Promise<Done> {
  const { key } = blob;
  const unfinished = await unfinishedUploads(bucket, key, call);
  const [latest, ...older] = unfinished;
  let left: readonly string[] = older;
  let done =
    latest === undefined
      ? await startAnew(bucket, blob, call)
      : await goOn(
          bucket,
          { blob, upload: await unfinishedUpload(bucket, { key, uploadId: latest }, call) },
          call,
        );
  if (isOutdated(done)) {
    // Somebody has finished it meanwhile, or has given it up; or what lies there fits together no more.
    done = (await isThere(bucket, key, call)) ? { kind: 'stored' } : await startAnew(bucket, blob, call);
    left = unfinished;
  }
  if (done.kind === 'stored') for (const uploadId of left) await abortUpload(bucket, { key, uploadId }, call);
  return done;
}

async function startAnew(bucket: Bucket, blob: Blob, call: RemoteCall): Promise<Done> {
  const request = { method: 'POST', key: blob.key, query: { uploads: '' } } as const;
  const answer = await unlessRefused(bucket, { 'x-amz-checksum-algorithm': 'SHA256' }, (headers) =>
    patiently(call, () => askWhole(bucket, { ...request, headers }, call)),
  );
  if (answer.kind === 'bucket-error' || answer.kind === 'remote-failure') return answer;
  const begun =
    answer.kind === 'read' ? await readXml(answer.bytes, 'InitiateMultipartUploadResult') : undefined;
  const uploadId = begun?.text('UploadId') ?? '';
  if (uploadId === '') return noUpload;
  return await goOn(
    bucket,
    { blob, upload: { uploadId, keepsChecksums: bucket.learned.takesChecksums, parts: new Map() } },
    call,
  );
}

/** Sends what an upload lacks, and has it put together if the file was what its digest says. */
async function goOn(
  bucket: Bucket,
  { blob, upload }: { readonly blob: Blob; readonly upload: UnfinishedUpload },
  call: RemoteCall,
): Promise<Done> {
  const { key, path, digest, sizeBytes } = blob;
  const { uploadId } = upload;
  const sent = new Map<number, SentPart>();
  const whole = createHash('sha256');
  const result = await guarded(path, async () => {
    await using file = await open(path, 'r');
    let reading = Promise.resolve();
    // One after the other, since the whole is hashed on the way.
    const read = (part: Part): Promise<Buffer> => {
      const bytes = reading.then(async () => {
        const buffer = Buffer.allocUnsafe(part.sizeBytes);
        const { bytesRead } = await file.read(buffer, 0, part.sizeBytes, part.startByte);
        whole.update(buffer.subarray(0, bytesRead));
        return buffer.subarray(0, bytesRead);
      });
      reading = bytes.then(() => undefined);
      return bytes;
    };
    const parts = partsOf(sizeBytes, bucket.limits.partBytes);
    const failure = await firstAnswer(parts, partsAtOnce, async (part) => {
      const bytes = await read(part);
      if (call.signal.aborted) return calledOff;
      const answer = await sendPart(bucket, { key, upload, number: part.number, bytes }, call);
      if (answer.kind !== 'sent') return answer;
      sent.set(part.number, answer);
      return undefined;
    });
    return { failure };
  });
  if ('kind' in result) return unreadable(result.detail);
  if (result.failure !== undefined) return result.failure;
  if (whole.digest('hex') !== digest) {
    await abortUpload(bucket, { key, uploadId }, call);
    return damagedHere;
  }
  return await completeUpload(bucket, { key, uploadId, sent }, call);
}

async function isThere(bucket: Bucket, key: string, call: RemoteCall): Promise<boolean> {
  const answer = await patiently(call, () => ask(bucket, { method: 'HEAD', key }, call));
  if (answer.kind !== 'answered') return false;
  answer.response.resume();
  return true;
}

/** Source: "List of error codes" of the S3 API reference. */
function isOutdated(done: Done): boolean {
  if (!isBucketError(done)) return false;
  return outdated.has(done.code) || isAbsent(done);
}

const outdated = new Set(['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall']);

const noUpload: RemoteFailure = {
  kind: 'remote-failure',
  reason: 'failed',
  detail: 'it does not begin an upload in parts in a way that is understood',
};

const calledOff: RemoteFailure = { kind: 'remote-failure', reason: 'timeout', detail: 'was called off' };
