import type { RemotePlace } from '../remote-settings.ts';
import { percentEncoded } from './signature-v4.ts';

export type BucketPlace = Extract<RemotePlace, { readonly kind: 'bucket' }>;

export interface BucketAddress {
  /** `https://s3.eu-west-1.amazonaws.com`, without a path. */
  readonly origin: URL;
  /** The bucket's own path, encoded: what keys come after. Empty, or begins with a slash and does not end with one. */
  readonly root: string;
  /** Before all keys; empty, or ends with a slash. */
  readonly prefix: string;
}

/**
 * Where requests for a bucket go. Amazon's buckets are hosts of their own, unless a dot in the name would not fit their certificate;
 * other servers' are folders of the endpoint, since few of them have a host a bucket.
 */
export function bucketAddress(place: BucketPlace, region: string): BucketAddress {
  const { bucket, endpoint, prefix } = place;
  const isPath = place.pathStyle ?? (endpoint !== undefined || bucket.includes('.'));
  const at = new URL(endpoint ?? `https://s3.${region}.${amazonDomain(region)}`);
  const folder = at.pathname.replace(/\/+$/, '');
  const origin = new URL(isPath ? at.origin : `${at.protocol}//${bucket}.${at.host}`);
  return {
    origin,
    root: isPath ? `${folder}/${percentEncoded(bucket)}` : folder,
    prefix: prefix === '' ? '' : `${prefix}/`,
  };
}

/** The path of an object, encoded once; of the bucket itself without a key. */
export function pathOf({ root }: BucketAddress, key: string | undefined): string {
  if (key === undefined) return root === '' ? '/' : root;
  return `${root}/${key.split('/').map(percentEncoded).join('/')}`;
}

function amazonDomain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
