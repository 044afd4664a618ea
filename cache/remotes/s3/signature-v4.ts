import { createHash, createHmac } from 'node:crypto';

// Signature version 4 of Amazon's web services, as S3 and what is compatible with it want it: in headers, with the path encoded once.
// Source: "Signature Calculations for the Authorization Header" of the S3 API reference.

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that were lent for some hours. */
  readonly sessionToken?: string;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Encoded, as it is sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** All of these are signed; names in lower case, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, in hexadecimal. */
  readonly payloadHash: string;
}

export interface SigningScope {
  readonly key: AccessKey;
  readonly region: string;
  readonly at: Date;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** The headers that a request goes out with: its own, what signing adds, and `authorization`. */
export function signedHeaders(
  request: UnsignedRequest,
  { key, region, at }: SigningScope,
): Readonly<Record<string, string>> {
  const time = timestamp(at);
  const headers = {
    ...request.headers,
    'x-amz-date': time,
    'x-amz-content-sha256': request.payloadHash,
    ...(key.sessionToken === undefined ? {} : { 'x-amz-security-token': key.sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const toSign = [algorithm, time, scope, sha256(canonicalRequest(request, headers, names))].join('\n');
  const signature = hmac(signingKey(key.secretAccessKey, time.slice(0, 8), region), toSign).toString('hex');
  const credential = `Credential=${key.accessKeyId}/${scope}`;
  const authorization = `${algorithm} ${credential},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...headers, authorization };
}

/** What a request asks for, as text that the server makes likewise. */
function canonicalRequest(
  { method, path, query, payloadHash }: UnsignedRequest,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, path, canonicalQuery(query), lines.join(''), names.join(';'), payloadHash].join('\n');
}

/** Parameters in the order of their encoded names, each with `=`. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
    .toSorted()
    .join('&');
}

/** All but RFC 3986's unreserved characters, as UTF-8. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function signingKey(secret: string, day: string, region: string): Buffer {
  return [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secret}`),
  );
}

/** `20130524T000000Z` */
function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
