import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../cache/open-store.ts';
import { RunWatch } from '../../cli/ui/run-watch.ts';
import type { UiState } from '../../cli/ui/ui-state.ts';
import type { Started } from '../support/command.ts';
import { startSweetspot, sweetspot, temporaryFolder } from '../support/command.ts';
import { writeSlowStudy } from './slow-study.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let run: Started;
let ui: Started;
let url: string;
let go: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  ({ go } = await writeSlowStudy(folder.path));
  run = startSweetspot(['run', 'slow.yaml', '--json'], { cwd: folder.path });
  await run.line((line) => line.includes('"task-started"') && line.includes('at=1'));
  ui = startSweetspot(['ui'], { cwd: folder.path });
  url = await ui.line((line) => line.startsWith('http://127.0.0.1:'));
});
afterAll(() => folder[Symbol.asyncDispose]());

const get = (path: string): Promise<Response> => fetch(new URL(path, url));

describe('the page of a run', () => {
  it('tells of the run what its journal tells, and the report of what is done', async () => {
    const read = async (): Promise<UiState> => (await (await get('/state.json')).json()) as UiState;
    let state = await read();
    // What happens is in the journal a moment later.
    while (state.counts.done === 0) state = await read();
    expect(state).toMatchObject({ study: 'slow', state: 'running', total: 3, failures: [] });
    expect(state.counts).toMatchObject({ done: 1, running: 1, waiting: 1 });
    expect(state.slots.map(({ task }) => task?.task)).toContain('score@at=1');
    const report = await get('/report');
    expect(report.headers.get('content-type')).toContain('text/html');
    expect(await report.text()).toContain('score <small>1 to come</small>');
    expect((await get('/')).headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('can be read by this machine under its own names only, and changes nothing', async () => {
    const status = (options: { readonly host?: string; readonly method?: string }): Promise<number> =>
      new Promise((resolve, reject) => {
        const { host, method = 'GET' } = options;
        const asked = request(url, { method, headers: host === undefined ? {} : { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        asked.on('error', reject).end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'localhost:1' })).toBe(200);
    expect(await status({ host: 'rebound.example' })).toBe(403);
    expect(await status({ method: 'POST' })).toBe(405);
    expect((await get('/log?task=../../etc/passwd')).status).toBe(404);
    expect((await get('/other')).status).toBe(404);
  });

  it('tells each change as it comes, to the end', async () => {
    const stream = await get('/events');
    const states: string[] = [];
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of stream.body!) {
      rest += decoder.decode(bytes as Uint8Array, { stream: true });
      const messages = rest.split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) states.push((JSON.parse(message.slice(6)) as UiState).state);
      if (states.length === 1) await writeFile(go, '');
      if (states.at(-1) === 'done') break;
    }
    expect(states[0]).toBe('running');
    expect((await run.finished).code).toBe(0);
    expect(await (await get('/log?task=score@at=1')).text()).toContain('waiting for the file');
    expect(await (await get('/report')).text()).not.toContain('This study is not finished');
    ui.child.kill('SIGINT');
    expect((await ui.finished).code).toBe(0);
  });

  it('counts each event once, however many pages look at the same moment', async () => {
    await using own = await temporaryFolder();
    const { go } = await writeSlowStudy(own.path);
    const ran = startSweetspot(['run', 'slow.yaml', '--json'], { cwd: own.path });
    await ran.line((line) => line.includes('"task-done"'));
    const opened = await openStore({ dir: join(own.path, '.sweetspot') });
    if (opened.kind !== 'opened') throw new Error('no store');
    const watch = await RunWatch.open(opened.store, (await RunWatch.newest(opened.store)) ?? '');
    if (watch === undefined) throw new Error('no run');
    await writeFile(go, '');
    await ran.finished;
    await Promise.all(Array.from({ length: 12 }, () => watch.poll()));
    const state = watch.state(Date.now());
    expect(state.counts).toMatchObject({ done: 3, running: 0, waiting: 0, ready: 0 });
    const told = state.recent.map(({ at, text }) => at + text);
    expect(told.length).toBeGreaterThan(5);
    expect(new Set(told).size).toBe(told.length);
  });

  it.each([
    [['ui', '--port', 'eighty'], 2, '--port eighty is no port'],
    [['ui', 'no-such-run'], 2, 'no-such-run'],
    [['ui', '--host', '203.0.113.1'], 3, 'cannot listen on 203.0.113.1'],
  ])('%j ends with a clear error', async (args, code, message) => {
    const ended = await sweetspot(args, { cwd: folder.path });
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});
