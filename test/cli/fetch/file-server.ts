import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export interface ServedFile {
  content: Buffer;
  etag?: string | undefined;
  /** Whether ranges are answered; false: always the whole file. */
  ranges?: boolean;
  /** Says how much is to come. */
  announces?: boolean;
  /** Keeps silent after so many bytes of an answer, for so many answers. */
  stalls?: { readonly after: number; times: number };
}

export interface FileServer {
  readonly origin: string;
  /** What was asked: method, path, range. */
  readonly asked: string[];
  /** Answers a path with a file, or in any way at all. */
  /** Breaks the connections of answers that stall. */
  readonly cut: () => void;
  readonly serve: (
    path: string,
    answer: ServedFile | ((response: ServerResponse, request: IncomingMessage) => void),
  ) => void;
}

/** A server on loopback, closed after the test. */
export async function fileServer(): Promise<FileServer> {
  const answers = new Map<string, Parameters<FileServer['serve']>[1]>();
  const asked: string[] = [];
  const stalled = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers.range].filter(Boolean).join(' '));
    const answer = answers.get(request.url ?? '');
    if (answer === undefined) response.writeHead(404).end('no such file');
    else if (typeof answer === 'function') answer(response, request);
    else if (sendFile(answer, request, response) === 'stalled') stalled.add(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    cut: () => {
      for (const response of stalled) response.socket?.destroy();
      stalled.clear();
    },
    serve: (path, answer) => answers.set(path, answer),
  };
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function sendFile(file: ServedFile, request: IncomingMessage, response: ServerResponse): 'sent' | 'stalled' {
  const { content, etag, ranges = true, announces = true } = file;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isSame = [undefined, etag].includes(request.headers['if-range'] as string | undefined);
  const isPart = ranges && from > 0 && isSame;
  if (isPart && from >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return 'sent';
  }
  const body = isPart ? content.subarray(from) : content;
  response.writeHead(isPart ? 206 : 200, {
    ...(etag === undefined ? {} : { etag }),
    ...(announces ? { 'content-length': body.length } : {}),
    ...(isPart ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  if (file.stalls === undefined || file.stalls.times <= 0) {
    response.end(body);
    return 'sent';
  }
  file.stalls.times -= 1;
  response.write(body.subarray(0, file.stalls.after));
  return 'stalled';
}
