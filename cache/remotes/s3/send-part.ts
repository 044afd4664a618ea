import { createHash, webcrypto } from 'node:crypto';
import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { isBucketError, patiently } from './attempts.ts';
import type { BucketError } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { base64Of } from './checksums.ts';
import { ask } from './request.ts';
import type { BucketRequest } from './request.ts';
import type { ListedPart, UnfinishedUpload } from './unfinished-uploads.ts';

export interface SentPart {
  readonly kind: 'sent';
  readonly number: number;
  readonly etag: string;
  /** SHA-256 in base64; empty where the upload was begun without. */
  readonly checksum: string;
}

export interface PartToSend {
  readonly key: string;
  readonly upload: UnfinishedUpload;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Sends a part of an upload, unless the same has arrived before. */
export async function sendPart(
  bucket: Bucket,
  { key, upload, number, bytes }: PartToSend,
  call: RemoteCall,
): Promise<SentPart | BucketError | RemoteFailure> {
  // On a thread of Node's, while other parts go over.
  const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const checksum = base64Of(digest);
  const kept = upload.keepsChecksums ? checksum : '';
  const there = upload.parts.get(number);
  if (there !== undefined && isSame(there, bytes, checksum)) {
    // To look costs time, too.
    call.onBytes(bytes.byteLength);
    return { kind: 'sent', number, etag: there.etag, checksum: kept };
  }
  const query = { partNumber: String(number), uploadId: upload.uploadId };
  const headers: BucketRequest['headers'] = kept === '' ? {} : { 'x-amz-checksum-sha256': kept };
  const request = { method: 'PUT', key, query, headers, body: bytes, bodyDigest: digest } as const;
  const answer = await patiently(call, () => ask(bucket, request, call));
  if (isBucketError(answer) || answer.kind === 'remote-failure') return answer;
  answer.response.resume();
  const etag = answer.response.headers.etag ?? etagOf(bytes);
  return { kind: 'sent', number, etag, checksum: kept };
}

/** By its checksum where the server keeps one, else by its tag, which is an MD5 unless the server encrypts what it keeps. */
function isSame({ etag, sizeBytes, checksum }: ListedPart, bytes: Uint8Array, ours: string): boolean {
  if (sizeBytes !== bytes.byteLength) return false;
  return checksum === '' ? etag.replaceAll('"', '') === etagOf(bytes).slice(1, -1) : checksum === ours;
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
