import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { errorCode } from '../../system-error.ts';
import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { breakOffWith } from './break-off.ts';
import { sendBody } from './send-body.ts';
import type { Body } from './send-body.ts';

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

export type Exchanged = { readonly kind: 'answered'; readonly response: IncomingMessage } | RemoteFailure;

/** Connections that are open at a time: a plan asks for thousands of results that are each a way there and back. */
const mostConnections = 32;
/** With Node's own 16 KiB, each piece that comes stops the connection and starts it again. */
const bufferBytes = 1024 * 1024;
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
    const common = { keepAlive: true, maxSockets: mostConnections, highWaterMark: bufferBytes };
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
    breakOffWith(sent, call.signal);
    if (body === undefined) {
      sent.end();
      return;
    }
    let begun = false;
    const begin = (): void => {
      if (begun) return;
      begun = true;
      sendBody(sent, body, call).then((end) => {
        if (end.kind === 'sent') return;
        resolve(end);
        sent.destroy();
      }, failed);
    };
    if ((sizeBytes ?? 0) < askedFirstBytes) begin();
    else {
      const unanswered = setTimeout(begin, unansweredMs);
      sent.on('continue', begin);
      sent.on('continue', () => clearTimeout(unanswered));
      sent.on('response', (response) => {
        clearTimeout(unanswered);
        if (begun) return;
        // It does not want the body: a request that is never ended would hold its connection for ever.
        begun = true;
        response.on('end', () => sent.destroy());
      });
      sent.on('close', () => clearTimeout(unanswered));
    }
  });
}

/** What went wrong on the way, by the system's own words: they name host and port, and nothing secret. */
export function failureOf(error: unknown, { origin }: URL): RemoteFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : errorCode(error);
  const detail = `${origin}: ${error instanceof Error && error.message !== '' ? error.message : (code ?? 'no answer')}`;
  return { kind: 'remote-failure', reason: 'unreachable', detail };
}
