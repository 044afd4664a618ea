import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { digestOf } from '../../digest.ts';
import { readSmallBody } from '../http/answers.ts';
import { breakOffWith } from '../http/break-off.ts';
import { failureOf } from '../http/exchange.ts';
import { pieceBytes } from '../remote.ts';
import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { pathOf } from './bucket-address.ts';
import type { Bucket } from './bucket.ts';
import { bucketError } from './bucket-errors.ts';
import type { BucketError } from './bucket-errors.ts';
import { canonicalQuery, signedHeaders } from './signature-v4.ts';
import type { AccessKey } from './signature-v4.ts';

export interface BucketRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Of an object; without it the request is about the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** SHA-256 of the body, where it is known. */
  readonly bodyDigest?: string;
}

export type Answer =
  { readonly kind: 'answered'; readonly response: IncomingMessage } | BucketError | RemoteFailure;

/** What a server sees before it is sent the rest: enough to refuse. */
const askedFirstBytes = 1024 * 1024;
/** Servers that never learned to answer that question get the body after this long. */
const unansweredMs = 1000;
const emptyDigest = digestOf('');
/** The head of an answer counts as much as a body that keeps a call alive. */
const signOfLife = 1024;

/** One signed request, and the head of an answer that grants it. Redirects are not followed: they name another region. */
export async function ask(bucket: Bucket, request: BucketRequest, call: RemoteCall): Promise<Answer> {
  const found = await bucket.credentials.current(call);
  if (found.kind === 'unusable') return { kind: 'remote-failure', reason: 'refused', detail: found.detail };
  const answer = await send(
    bucket,
    { ...request, accessKey: found.kind === 'key' ? found.key : undefined },
    call,
  );
  if (answer.kind !== 'answered') return answer;
  call.onBytes(signOfLife);
  const { response } = answer;
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return answer;
  const body = await readSmallBody(response, 64 * 1024, call);
  return await bucketError(response, body.kind === 'read' ? body.bytes : new Uint8Array(), bucket.now());
}

/** A request with a small answer that is read whole. */
export async function askWhole(
  bucket: Bucket,
  request: BucketRequest & { readonly mostBytes?: number },
  call: RemoteCall,
): Promise<
  | { readonly kind: 'read'; readonly response: IncomingMessage; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | BucketError
  | RemoteFailure
> {
  const answer = await ask(bucket, request, call);
  if (answer.kind !== 'answered') return answer;
  const { response } = answer;
  // While a server puts parts together it sends single spaces, to say that it lives.
  const alive = { ...call, onBytes: (count: number) => call.onBytes(Math.max(count, signOfLife)) };
  const body = await readSmallBody(response, request.mostBytes ?? 16 * 1024 * 1024, alive);
  return body.kind === 'read' ? { ...body, response } : body;
}

function send(
  bucket: Bucket,
  request: BucketRequest & { /** Undefined: it goes unsigned. */ readonly accessKey: AccessKey | undefined },
  call: RemoteCall,
): Promise<Answer> {
  const { method, key, body, accessKey } = request;
  const query = request.query ?? {};
  const path = pathOf(bucket, key);
  const { protocol, hostname, port, host } = bucket.origin;
  const unsigned = { host, ...request.headers };
  const payloadHash = body === undefined ? emptyDigest : (request.bodyDigest ?? digestOf(body));
  const headers =
    accessKey === undefined
      ? unsigned
      : signedHeaders(
          { method, path, query, headers: unsigned, payloadHash },
          { key: accessKey, region: bucket.region, at: bucket.now() },
        );
  const asks = (body?.byteLength ?? 0) >= askedFirstBytes;
  return new Promise((resolve) => {
    const failed = (error: unknown): void => resolve(failureOf(error, bucket.origin));
    let sent: ClientRequest;
    try {
      sent = (protocol === 'https:' ? httpsRequest : httpRequest)({
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: port === '' ? undefined : port,
        method,
        path: Object.keys(query).length === 0 ? path : `${path}?${canonicalQuery(query)}`,
        agent: bucket.connection.agent(),
        headers: {
          ...headers,
          'accept-encoding': 'identity',
          ...(body === undefined ? {} : { 'content-length': body.byteLength }),
          ...(method === 'POST' && body === undefined ? { 'content-length': 0 } : {}),
          ...(asks ? { expect: '100-continue' } : {}),
        },
      });
    } catch (error) {
      failed(error);
      return;
    }
    sent.on('error', failed);
    sent.on('response', (response) => {
      resolve({ kind: 'answered', response });
      // Answered before it had all of it: the rest is not wanted, and the connection is of no more use.
      if (!sent.writableEnded) response.on('end', () => sent.destroy());
    });
    breakOffWith(sent, call.signal);
    if (body === undefined) {
      sent.end();
      return;
    }
    const begin = once(() => void sendBody(sent, body, call));
    if (!asks) {
      begin();
      return;
    }
    const unanswered = setTimeout(begin, unansweredMs);
    sent.on('continue', begin);
    for (const event of ['continue', 'response', 'close'] as const)
      sent.on(event, () => clearTimeout(unanswered));
  });
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}

/** Slice after slice, as fast as they go over. Ends with the request, whatever becomes of it. */
async function sendBody(sent: ClientRequest, body: Uint8Array, { onBytes, pace }: RemoteCall): Promise<void> {
  const stopped = new Promise<'stopped'>((resolve) => {
    for (const event of ['response', 'close'] as const) sent.on(event, () => resolve('stopped'));
  });
  for (let start = 0; start < body.byteLength; start += pieceBytes) {
    const slice = body.subarray(start, start + pieceBytes);
    await pace?.(slice.byteLength);
    if (sent.destroyed) return;
    const drained = new Promise<'drained'>((resolve) => sent.once('drain', () => resolve('drained')));
    if (!sent.write(slice) && (await Promise.race([drained, stopped])) === 'stopped') return;
    onBytes(slice.byteLength);
  }
  sent.end();
}
