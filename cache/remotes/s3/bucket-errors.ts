import type { IncomingMessage } from 'node:http';
import type { RemoteFailure } from '../remote.ts';
import type { Bucket } from './bucket.ts';
import { readXml } from './xml-answers.ts';

/** A request that a bucket's server has answered with a no. */
export interface BucketError {
  readonly kind: 'bucket-error';
  readonly status: number;
  /** The server's name for it (`NoSuchKey`); one made of the status where it gives none, as with HEAD. */
  readonly code: string;
  /** Where the bucket lies, where the server says so. */
  readonly region?: string;
  /** How far the server's clock is ahead of ours, in milliseconds, where it gives its time. */
  readonly aheadMs?: number;
}

/** Names by which the status alone is known where there is no body. */
const codeOfStatus: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  307: 'TemporaryRedirect',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  412: 'PreconditionFailed',
  501: 'NotImplemented',
};

/** Source: "Error responses" of the S3 API reference. */
const passing = new Set([
  ...['InternalError', 'ServiceUnavailable', 'SlowDown', 'RequestTimeout', 'TooManyRequests'],
  ...['OperationAborted', 'ConditionalRequestConflict', 'Throttling', 'ThrottlingException'],
]);

export async function bucketError(
  { statusCode = 0, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  body: Uint8Array,
  now: Date,
): Promise<BucketError> {
  const said = body.byteLength === 0 ? undefined : await readXml(body, 'Error');
  const region = headers['x-amz-bucket-region'] ?? said?.text('Region') ?? '';
  const serverTime = Date.parse(headers.date ?? '');
  const code = said?.text('Code') ?? '';
  return {
    kind: 'bucket-error',
    status: statusCode,
    code: safeWord(code) ?? codeOfStatus[statusCode] ?? `status ${statusCode}`,
    ...(typeof region === 'string' && safeWord(region) !== undefined ? { region } : {}),
    ...(Number.isNaN(serverTime) ? {} : { aheadMs: serverTime - now.getTime() }),
  };
}

/** Words of a server's go into messages only where they are names: its free text may repeat what we sent. */
function safeWord(text: string): string | undefined {
  return /^[A-Za-z0-9.-]{1,60}$/.test(text) ? text : undefined;
}

/** Whether the same request may be granted a moment later. */
export function mayPass({ status, code }: BucketError): boolean {
  if (passing.has(code) || status === 408 || status === 429) return true;
  return status >= 500 && status !== 501 && status !== 507;
}

/** Whether there is no such object. Other things that a server does not find are troubles. */
export function isAbsent({ code }: BucketError): boolean {
  return absent.has(code);
}

const absent = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound', 'status 410']);

/** What a no means for whoever asked, in words that say what to do. `what`: e.g. `a request for a blob`. */
export function failureFor(error: BucketError, bucket: Bucket, what: string): RemoteFailure {
  const { status, code } = error;
  return {
    kind: 'remote-failure',
    reason: mayPass(error) ? 'failed' : 'refused',
    detail: wayOut(error, bucket) ?? `it answers ${what} with ${status} ${code}`,
  };
}

function wayOut({ status, code, region, aheadMs }: BucketError, bucket: Bucket): string | undefined {
  const at = `bucket '${bucket.name}' (${bucket.origin.host})`;
  switch (code) {
    case 'NoSuchBucket':
      return `${at}: there is no such bucket there (NoSuchBucket)`;
    case 'RequestTimeTooSkewed':
      return `${at} refuses since this machine's clock ${clockWords(aheadMs)} (RequestTimeTooSkewed): set the clock`;
    case 'SignatureDoesNotMatch':
      return `${at} does not accept the signature (SignatureDoesNotMatch): is the secret access key that of the access key id?`;
    case 'InvalidAccessKeyId':
      return `${at} does not know the access key id (InvalidAccessKeyId)`;
    case 'ExpiredToken':
    case 'TokenRefreshRequired':
    case 'InvalidToken':
      return `${at} does not take the session token (${code}): ask for new credentials`;
    case 'XAmzContentSHA256Mismatch':
    case 'BadDigest':
      return `${at} has received other bytes than were sent (${code})`;
    case 'AccessDenied':
      return `${at} denies it (${status} AccessDenied)${bucket.credentials.areNone ? ': no credentials were found' : ''}`;
    case 'PermanentRedirect':
    case 'TemporaryRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return region === undefined || region === bucket.region
        ? `${at} is to be asked elsewhere (${status} ${code}): is the endpoint, or the region ${bucket.region}, another?`
        : `${at} lies in region ${region}, not in ${bucket.region}: say \`region: ${region}\``;
    default:
      return undefined;
  }
}

function clockWords(aheadMs: number | undefined): string {
  if (aheadMs === undefined) return 'is wrong';
  const minutes = Math.max(1, Math.round(Math.abs(aheadMs) / 60_000));
  return `is ${minutes} min ${aheadMs > 0 ? 'behind' : 'ahead'}`;
}
