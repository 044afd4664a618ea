import { readFile } from 'node:fs/promises';
import { digestOf } from '../../digest.ts';
import type { Digest } from '../../digest.ts';
import { guarded } from '../../system-error.ts';
import type { BlobUpload, RemoteCall, RemoteFailure } from '../remote.ts';
import { isBucketError, patiently } from './attempts.ts';
import type { BucketError } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { base64Of, withChecksum } from './checksums.ts';
import { ask } from './request.ts';
import type { BucketRequest } from './request.ts';
import { damagedHere, unreadable } from '../upload-failures.ts';
import { uploadInParts } from './upload-in-parts.ts';

export type UploadedObject = { readonly kind: 'stored' } | BucketError | RemoteFailure;

export interface ObjectBytes {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** Brings a blob: at one go what is small, in parts what is not. What is no more what its digest says is not brought. */
export async function uploadObject(
  bucket: Bucket,
  { key, ...blob }: BlobUpload & { readonly key: string },
  call: RemoteCall,
): Promise<UploadedObject> {
  if (blob.sizeBytes >= bucket.limits.multipartFromBytes)
    return await uploadInParts(bucket, { key, ...blob }, call);
  const read = await guarded(blob.path, async () => ({ bytes: await readFile(blob.path) }));
  if (!('bytes' in read)) return unreadable(read.detail);
  if (digestOf(read.bytes) !== blob.digest) return damagedHere;
  return await putBytes(bucket, { key, bytes: read.bytes, digest: blob.digest }, call);
}

/** Puts an object; `headers`: more than the usual. */
export async function putBytes(
  bucket: Bucket,
  put: ObjectBytes & { readonly headers?: BucketRequest['headers'] },
  call: RemoteCall,
): Promise<UploadedObject> {
  const { key, bytes, digest, headers } = put;
  const answer = await withChecksum(bucket, base64Of(digest), (checksum) => {
    const request = { method: 'PUT', key, body: bytes, bodyDigest: digest } as const;
    return patiently(call, () => ask(bucket, { ...request, headers: { ...headers, ...checksum } }, call));
  });
  if (isBucketError(answer) || answer.kind === 'remote-failure') return answer;
  answer.response.resume();
  return { kind: 'stored' };
}
