import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLocalName, isOneOf } from './host-names.ts';
import type { RunReport } from './run-report.ts';
import { uiPage } from './page.ts';
import type { RunWatch } from './run-watch.ts';
import { taskLog } from './task-log.ts';

/** How often a run is looked at while somebody looks at its page, in milliseconds. */
const lookMs = 500;
/** A line that keeps a silent connection open; also what finds out that it is gone. */
const aliveMs = 15_000;

export interface UiRequest {
  /** The run to show at this moment: one, or whichever is the newest. */
  readonly current: () => Promise<RunWatch | undefined>;
  readonly report: RunReport;
  /** Interface to listen on: 127.0.0.1 unless the user names another. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface Ui {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a run's page, read-only. Rejects with the system's error where it cannot listen. */
export async function serveUi(request: UiRequest): Promise<Ui> {
  const streams = new Set<ServerResponse>();
  const server = createServer((asked, answer) => {
    void answerTo(request, streams, asked, answer).catch((error: unknown) => {
      if (!answer.headersSent) answer.writeHead(500, plain);
      answer.end(error instanceof Error ? error.message : String(error));
    });
  });
  await listening(server, request);
  const { port } = server.address() as AddressInfo;
  const name = request.host.includes(':') ? `[${request.host}]` : request.host;
  return {
    url: `http://${name}:${port}/`,
    close: async () => {
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: Server, { host, port }: UiRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const plain = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const html = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };

async function answerTo(
  request: UiRequest,
  streams: Set<ServerResponse>,
  asked: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  // A page elsewhere may point a name of its own at this machine: then the browser would let it read what is here.
  if (!isAllowedHost(request.host, asked.headers.host)) {
    refuse(answer, 403, 'this page is for this machine');
    return;
  }
  if (asked.method !== 'GET') {
    refuse(answer, 405, 'nothing can be changed from here');
    return;
  }
  const url = new URL(asked.url ?? '/', 'http://local');
  switch (url.pathname) {
    case '/': {
      const page = uiPage();
      answer.writeHead(200, { ...html, 'content-security-policy': page.policy });
      answer.end(page.text);
      return;
    }
    case '/state.json': {
      const watch = await request.current();
      await watch?.poll();
      if (watch === undefined) {
        refuse(answer, 404, 'no run is recorded here yet');
        return;
      }
      answer.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      answer.end(JSON.stringify(watch.state(Date.now())));
      return;
    }
    case '/events':
      return stream(request, streams, answer);
    case '/report': {
      const watch = await request.current();
      const page = watch === undefined ? undefined : await request.report.of(watch);
      if (page === undefined) {
        // Not an error: it is asked for from the run's first moment on.
        answer.writeHead(204).end();
        return;
      }
      answer.writeHead(200, html);
      answer.end(page);
      return;
    }
    case '/log': {
      const watch = await request.current();
      const text = watch === undefined ? undefined : await taskLog(watch, url.searchParams.get('task') ?? '');
      if (text === undefined) {
        refuse(answer, 404, 'this task has said nothing');
        return;
      }
      answer.writeHead(200, { ...plain, 'cache-control': 'no-store' });
      answer.end(text);
      return;
    }
    default: {
      refuse(answer, 404, 'there is no such page');
      return;
    }
  }
}

/** Tells the state at once, and whenever it changes, as server-sent events. */
async function stream(
  { current }: UiRequest,
  streams: Set<ServerResponse>,
  answer: ServerResponse,
): Promise<void> {
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  streams.add(answer);
  let told = '';
  let toldMs = 0;
  for (;;) {
    const watch = await current();
    await watch?.poll();
    if (answer.destroyed || answer.writableEnded) break;
    const nowMs = Date.now();
    const state = watch?.state(nowMs);
    const text = state === undefined ? 'null' : JSON.stringify({ ...state, at: '' });
    if (text !== told || nowMs - toldMs > aliveMs) {
      answer.write(`data: ${JSON.stringify(state ?? null)}\n\n`);
      told = text;
      toldMs = nowMs;
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  streams.delete(answer);
}

function isAllowedHost(listensOn: string, header: string | undefined): boolean {
  const name = header?.replace(/:\d+$/, '') ?? '';
  return isLocalName(listensOn) ? isLocalName(name) : isLocalName(name) || isOneOf(listensOn, name);
}

function refuse(answer: ServerResponse, code: number, why: string): void {
  answer.writeHead(code, plain);
  answer.end(`${why}\n`);
}
