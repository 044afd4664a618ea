import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface CacheServer {
  readonly url: string;
  /** Path (`/cas/…`, `/ac/…`) -> what lies there. */
  readonly files: Map<string, Buffer>;
  /** `GET /cas/…` and so on, in the order in which they came. */
  readonly requests: readonly string[];
  readonly authorizations: ReadonlySet<string>;
}

/** Answers a request in place of the server; false leaves it to the server. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A server of Bazel's HTTP caching protocol on a free port of this machine, gone when the test has ended. */
export async function cacheServer(intercept: Intercept = () => false): Promise<CacheServer> {
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  const authorizations = new Set<string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(`${request.method ?? ''} ${path}`);
    if (request.headers.authorization !== undefined) authorizations.add(request.headers.authorization);
    if (!intercept(request, response)) answer(files, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => closed(server));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, files, requests, authorizations };
}

async function answer(
  files: Map<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? '';
  if (request.method === 'PUT') {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    files.set(path, Buffer.concat(chunks));
    response.writeHead(201).end();
    return;
  }
  const file = files.get(path);
  if (file === undefined) response.writeHead(404).end();
  else
    response
      .writeHead(200, { 'content-length': file.byteLength })
      .end(request.method === 'HEAD' ? undefined : file);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
