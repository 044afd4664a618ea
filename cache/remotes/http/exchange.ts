import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../../system-error.ts';
import type { RemoteCall, RemoteFailure } from '../remote.ts';

export interface Connection {
  /** Without a slash at its end. */
  readonly base: string;
  readonly authorization: string | undefined;
  readonly agent: () => HttpAgent;
}

export interface Request {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** After the base, e.g. `/cas/…`. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Body;
}

export type Body = Uint8Array | { readonly path: string; readonly sizeBytes: number };

export type Exchanged = { readonly kind: 'answered'; readonly response: IncomingMessage } | RemoteFailure;

/** Connections that are open at a time. */
const mostConnections = 8;
const mostRedirects = 3;
/** From this size on a server is asked whether it will take a body before it is sent. */
const askedFirstBytes = 256 * 1024;
/** Servers that never learned to answer that question get the body after this long. */
const unansweredMs = 1000;

/** Nothing is connected to before the first request, and the certificates are not read either. */
export function connectionTo(
  url: string,
  options: { readonly ca?: string | undefined; readonly authorization: string | undefined },
): Connection {
  let agent: HttpAgent | undefined;
  const make = (): HttpAgent => {
    const common = { keepAlive: true, maxSockets: mostConnections };
    if (!url.startsWith('https:')) return new HttpAgent(common);
    return new HttpsAgent({
      ...common,
      ...(options.ca === undefined ? {} : { ca: readFileSync(options.ca) }),
    });
  };
  return {
    base: url.replace(/\/+$/, ''),
    authorization: options.authorization,
    agent: () => (agent ??= make()),
  };
}

/** One request and the head of its answer. Redirects are followed within the same server alone: others get no credentials. */
export async function exchange(
  connection: Connection,
  request: Request,
  call: RemoteCall,
): Promise<Exchanged> {
  let url = new URL(`${connection.base}${request.path}`);
  for (let redirected = 0; ; redirected++) {
    const answer = await exchangeOnce(connection, { ...request, url }, call);
    if (answer.kind !== 'answered') return answer;
    const { statusCode = 0, headers } = answer.response;
    if (statusCode < 301 || statusCode > 308 || headers.location === undefined) return answer;
    answer.response.resume();
    const { location } = headers;
    const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (target?.origin !== url.origin)
      return {
        kind: 'remote-failure',
        reason: 'refused',
        detail: `${url.origin} sends us to another server`,
      };
    if (redirected === mostRedirects)
      return { kind: 'remote-failure', reason: 'failed', detail: `${url.origin} sends us round in circles` };
    url = target;
  }
}

function exchangeOnce(
  { agent, authorization }: Connection,
  { method, url, headers, body }: Request & { readonly url: URL },
  call: RemoteCall,
): Promise<Exchanged> {
  const sizeBytes = body === undefined ? undefined : 'path' in body ? body.sizeBytes : body.byteLength;
  return new Promise((resolve) => {
    const failed = (error: unknown): void => resolve(failureOf(error, url));
    let sent: ClientRequest;
    try {
      sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
        method,
        agent: agent(),
        signal: call.signal,
        headers: {
          'accept-encoding': 'identity',
          ...(authorization === undefined ? {} : { authorization }),
          ...(sizeBytes === undefined ? {} : { 'content-length': sizeBytes }),
          ...((sizeBytes ?? 0) < askedFirstBytes ? {} : { expect: '100-continue' }),
          ...headers,
        },
      });
    } catch (error) {
      failed(error);
      return;
    }
    sent.on('error', failed);
    sent.on('response', (response) => resolve({ kind: 'answered', response }));
    if (body === undefined) {
      sent.end();
      return;
    }
    let begun = false;
    const begin = (): void => {
      if (begun) return;
      begun = true;
      sendBody(sent, body, call.onBytes).catch(failed);
    };
    if ((sizeBytes ?? 0) < askedFirstBytes) begin();
    else {
      const unanswered = setTimeout(begin, unansweredMs);
      sent.on('continue', begin);
      sent.on('continue', () => clearTimeout(unanswered));
      sent.on('response', () => clearTimeout(unanswered));
      sent.on('close', () => clearTimeout(unanswered));
    }
  });
}

async function sendBody(sent: ClientRequest, body: Body, onBytes: RemoteCall['onBytes']): Promise<void> {
  if (!('path' in body)) {
    sent.end(body);
    return;
  }
  const file = await open(body.path, 'r');
  await pipeline(
    file.createReadStream({ highWaterMark: 256 * 1024 }),
    async function* counted(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        yield chunk;
        onBytes(chunk.byteLength);
      }
    },
    sent,
  );
}

/** What went wrong on the way, by the system's own words: they name host and port, and nothing secret. */
export function failureOf(error: unknown, { origin }: URL): RemoteFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : errorCode(error);
  const detail = `${origin}: ${error instanceof Error && error.message !== '' ? error.message : (code ?? 'no answer')}`;
  return { kind: 'remote-failure', reason: 'unreachable', detail };
}
