import { isBucketError } from './attempts.ts';
import type { Bucket } from './bucket.ts';

/** The digest as S3 writes checksums. */
export function base64Of(digest: string): string {
  return Buffer.from(digest, 'hex').toString('base64');
}

/**
 * Makes a request that carries a checksum, which servers that know it compare and keep. One that refuses is asked without, from then on:
 * the signature covers the bytes in any case.
 */
export async function withChecksum<T extends { readonly kind: string }>(
  bucket: Bucket,
  base64: string,
  request: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  return await unlessRefused(bucket, { 'x-amz-checksum-sha256': base64 }, request);
}

export async function unlessRefused<T extends { readonly kind: string }>(
  { learned }: Bucket,
  headers: Readonly<Record<string, string>>,
  request: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (!learned.takesChecksums) return await request({});
  const answer = await request(headers);
  if (!isBucketError(answer) || !means.has(answer.code)) return answer;
  const plain = await request({});
  if (!isBucketError(plain)) learned.takesChecksums = false;
  return plain;
}

/** What servers say to headers that they do not know. */
const means = new Set(['NotImplemented', 'InvalidRequest', 'InvalidArgument', 'status 400']);
