import { connectionTo } from '../http/exchange.ts';
import type { Connection } from '../http/exchange.ts';
import { bucketAddress } from './bucket-address.ts';
import type { BucketAddress, BucketPlace } from './bucket-address.ts';
import { Credentials } from './credentials/credentials.ts';

/** What requests to a bucket have in common. */
export interface Bucket extends BucketAddress {
  readonly name: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly connection: Connection;
  readonly limits: TransferLimits;
  /** What has been found out about the server. */
  readonly learned: Learned;
  readonly now: () => Date;
}

export interface TransferLimits {
  /** What is as large as this goes over in parts. */
  readonly multipartFromBytes: number;
  /** Of a part that is sent, at least. */
  readonly partBytes: number;
  /** Of a range that is asked for. */
  readonly rangeBytes: number;
}

export interface Learned {
  /** Whether it takes a checksum of what it is sent; so until it refuses one. */
  takesChecksums: boolean;
  /** Whether `If-None-Match` keeps what is there; undefined until it was tried. */
  keepsFirst: boolean | undefined;
  /** Whether it says of what it lacks that it is denied, since we may not list; undefined until it has denied something. */
  deniesWhatItLacks: boolean | undefined;
}

/** As usual: parts small enough that an interruption costs little, and large enough that requests do not. */
const usualLimits: TransferLimits = {
  multipartFromBytes: 32 * 1024 * 1024,
  partBytes: 16 * 1024 * 1024,
  rangeBytes: 8 * 1024 * 1024,
};

export function openBucket(
  { name, place }: { readonly name: string; readonly place: BucketPlace },
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly limits?: Partial<TransferLimits>; readonly now?: () => Date } = {},
): Bucket {
  const region = place.region ?? namedIn(env) ?? 'us-east-1';
  const address = bucketAddress(place, region);
  return {
    ...address,
    name: place.bucket,
    region,
    credentials: new Credentials({ remote: name, env, instanceRole: place.instanceRole === true }),
    connection: connectionTo(address.origin.origin, { ca: place.ca, authorization: undefined }),
    limits: { ...usualLimits, ...options.limits },
    learned: { takesChecksums: true, keepsFirst: undefined, deniesWhatItLacks: undefined },
    now: options.now ?? (() => new Date()),
  };
}

function namedIn(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return [env['AWS_REGION'], env['AWS_DEFAULT_REGION']].find(
    (region) => region !== undefined && region !== '',
  );
}
