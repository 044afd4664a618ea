import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../../cache/digest.ts';
import type { BlobUpload, Remote } from '../../../cache/remotes/remote.ts';
import type { RemotePlace } from '../../../cache/remotes/remote-settings.ts';
import { bucketRemote } from '../../../cache/remotes/s3/bucket-remote.ts';
import { openBucket } from '../../../cache/remotes/s3/bucket.ts';
import type { Bucket, TransferLimits } from '../../../cache/remotes/s3/bucket.ts';
import { temporaryFolder } from './temporary-store.ts';

/** Parts and ranges of some kilobytes. */
export const tinyLimits: TransferLimits = {
  multipartFromBytes: 64_000,
  partBytes: 20_000,
  rangeBytes: 16_000,
};
export const testSecret = 'a-very-secret-word';

export function bucketPlace(endpoint: string): Extract<RemotePlace, { readonly kind: 'bucket' }> {
  return { kind: 'bucket', bucket: 'team', prefix: 'p', endpoint };
}

/** A remote with small parts in a bucket of this process, and what it says. */
export function tinyRemote(
  endpoint: string,
  more: { readonly anonymous?: boolean } = {},
): { readonly bucket: Bucket; readonly remote: Remote; readonly said: readonly string[] } {
  const said: string[] = [];
  const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: testSecret, HOME: '/nowhere' };
  const bucket = openBucket(
    { name: 'team', place: bucketPlace(endpoint) },
    more.anonymous === true ? { HOME: '/nowhere' } : env,
    { limits: tinyLimits },
  );
  const remote = bucketRemote(bucket, (_, message) => Promise.resolve(void said.push(message)));
  return { bucket, remote, said };
}

/** A file to be brought, of so many bytes that differ from part to part. */
export async function blobOf(sizeBytes: number): Promise<BlobUpload & { readonly bytes: Buffer }> {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at + 4 <= sizeBytes; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) % 2 ** 32, at);
  const path = join(await temporaryFolder(), 'blob');
  await writeFile(path, bytes);
  return { digest: digestOf(bytes), path, sizeBytes, bytes };
}
