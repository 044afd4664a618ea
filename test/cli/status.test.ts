import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessIdentity } from '../../cache/process-identity.ts';
import { statusCommand } from '../../cli/commands/status.ts';
import { exitCode } from '../../cli/exit-codes.ts';
import type { StatusFlags } from '../../cli/flags.ts';
import type { StatusDocument } from '../../cli/json-output.ts';
import { textWidth } from '../../cli/text-width.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { beginJournal } from '../../engine/run/journal-writer.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import { openLine, sealLine } from '../../engine/run/sealed-line.ts';
import { openRig } from '../engine/support/rig.ts';
import type { Rig } from '../engine/support/rig.ts';
import { printedJsonProblem } from '../support/printed-json.ts';
import { captureIo } from './capture-io.ts';
import { blocked, cached, done, failed, key, layeredPlan, runStarted, started } from './run-events.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const finished = (outcome: 'done' | 'failed' = 'failed'): RunEvent => ({
  kind: 'run-finished',
  at: new Date().toISOString(),
  outcome,
  counts: { cached: 0, done: 0, failed: 0, blocked: 0, notRun: 0 },
  durationMs: 62_000,
});

/** `make@i`, `use@i` of each, `join` of all: a run of them that has come as far as the events tell. Its driver is this process. */
async function record(
  run: string,
  events: readonly RunEvent[],
  more: {
    readonly only?: readonly string[];
    readonly driver?: Partial<ProcessIdentity>;
    readonly width?: number;
  } = {},
): Promise<void> {
  const folder = runFolder(rig.store.runsDir, run);
  const journal = await beginJournal({
    folder,
    run,
    plan: layeredPlan(more.width ?? 3),
    sources: [],
    startedAt: new Date().toISOString(),
    only: more.only as readonly TaskId[] | undefined,
  });
  for (const event of events) journal.append({ ...event, at: new Date().toISOString() });
  await journal.close();
  if (more.driver === undefined) return;
  const about = openLine(await readFile(folder.runFile, 'utf8')) as { readonly driver: ProcessIdentity };
  await writeFile(folder.runFile, sealLine({ ...about, driver: { ...about.driver, ...more.driver } }));
}

/** An identity of this host and boot that no process has: number 1 began long before the test. */
const gone = { pid: 1, startTicks: '1' };

interface Asked {
  readonly run?: string;
  readonly flags?: StatusFlags;
  readonly columns?: number;
}

function ask({ run, flags, columns }: Asked = {}): {
  readonly io: ReturnType<typeof captureIo>;
  readonly code: Promise<number>;
} {
  const io = captureIo({
    cwd: rig.studyDir,
    env: { NO_COLOR: '1' },
    json: flags?.json === true,
    ...(columns === undefined ? {} : { terminal: { columns, rows: 24 } }),
  });
  return { io, code: statusCommand({ run, flags: { cache: rig.store.root, ...flags }, io }) };
}

async function status(asked?: Asked): Promise<{ readonly code: number; readonly text: string }> {
  const { io, code } = ask(asked);
  return { code: await code, text: io.stdout() };
}

async function json(): Promise<StatusDocument> {
  const { text } = await status({ flags: { json: true } });
  const document = JSON.parse(text) as StatusDocument;
  expect(printedJsonProblem('StatusDocument', document)).toBeUndefined();
  return document;
}

describe('`status` of a live run', () => {
  const events = [
    runStarted(7),
    cached('make@i=0'),
    started('make@i=1'),
    done('make@i=1', 2000),
    started('make@i=2', 'cpu:1'),
    failed('make@i=2', { willRetry: true }),
    started('make@i=2', 'cpu:1', { attempt: 2 }),
    started('use@i=0'),
  ];

  it('says how far it is, what runs where, what waits for what, and what was tried again', async () => {
    await record('live', events);
    const { code, text } = await status();
    expect(code).toBe(exitCode.done);
    expect(text).toMatch(/^sketch {2}live {2}running for \d+ s, at least \d+ s left\n/);
    expect(text).toContain('2 of 7\n1 cached · 1 done · 2 running · 1 ready · 2 waiting\n');
    expect(text).toMatch(/ {2}cpu:0 .* use@i=0\n/);
    expect(text).toMatch(/ {2}cpu:1 .* make@i=2 {2}attempt 2\n/);
    expect(text).toMatch(/^use {8}· {5}· {8}1 {6}1 {8}1 {2}waits for make$/m);
    expect(text).toMatch(/^join .* 1 {2}waits for use$/m);
    expect(text).toContain('! make@i=2 is tried again after: task: it broke');
    expect(text).toContain('to follow it: sweetspot status --watch --cache');
  });

  it('is a document: with what a task waits for, and the time left', async () => {
    await record('live', events);
    const document = await json();
    expect(document).toMatchObject({ format: 1, run: 'live', state: 'running', left: { isLeast: true } });
    const task = (name: string): object | undefined => document.tasks.find((each) => each.task === name);
    expect(task('make@i=2')).toMatchObject({ state: 'running', attempt: 2, failure: { class: 'task' } });
    expect(task('join')).toMatchObject({ state: 'pending', waitsFor: ['use@i=0', 'use@i=1', 'use@i=2'] });
    expect(task('use@i=1')).not.toHaveProperty('waitsFor');
  });

  it('fits a terminal', async () => {
    await record('live', events);
    for (const columns of [60, 80]) {
      const { text } = await status({ columns });
      const lines = text.split('\n').filter((line) => !/^(to follow|! )/.test(line));
      expect(Math.max(...lines.map(textWidth))).toBeLessThan(columns);
    }
  });

  it('with --watch is shown until it ends, and ends as it does', async () => {
    await record('live', events);
    const { io, code } = ask({ flags: { watch: true } });
    await vi.waitUntil(() => io.stdout().includes('started  use@i=0'), { timeout: 300_000 });
    const { eventsFile } = runFolder(rig.store.runsDir, 'live');
    await appendFile(eventsFile, `${JSON.stringify(done('use@i=0'))}\n${JSON.stringify(finished())}\n`);
    expect(await code).toBe(exitCode.taskFailed);
    const text = io.stdout();
    expect(text).toContain('cached   make@i=0\nstarted  make@i=1 on cpu:0\n');
    expect(text).toContain('done     use@i=0 in 1.0 s\n');
    expect(text).toMatch(/sketch {2}live {2}failed after 1 min 02 s, (just now|\d+ s ago)/);
  });

  it('with --watch --json is the stream of the run', async () => {
    await record('live', [...events, finished('done')]);
    const { code, text } = await status({ flags: { watch: true, json: true } });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly kind: string });
    for (const line of lines) expect(printedJsonProblem('RunLine', line)).toBeUndefined();
    expect(lines.at(0)).toMatchObject({ kind: 'format' });
    expect(lines.slice(1, -1).map(({ kind }) => kind)).toEqual([
      ...events.map(({ kind }) => kind),
      'run-finished',
    ]);
    expect([code, lines.at(-1)]).toEqual([exitCode.done, { kind: 'exit', code: exitCode.done }]);
  });
});

describe('`status` of a run that is over', () => {
  it('gives the reason of each failure, its last words, what it blocks, and where there is more', async () => {
    await record('1', [
      runStarted(7),
      ...[0, 1, 2].map((i) => done(`make@i=${i}`)),
      started('use@i=1', 'cpu:0', { attempt: 3 }),
      failed('use@i=1', { lastWords: 'first\nno space for a bear' }),
      done('use@i=0'),
      blocked('join', 'use@i=1'),
      finished(),
    ]);
    const { text } = await status();
    expect(text).toMatch(/^sketch {2}1 {2}failed after 1 min 02 s, (just now|\d+ s ago)\n/);
    expect(text).toMatch(/^task {2}done {2}failed {2}blocked {2}not run$/m);
    expect(text).toMatch(/^use {6}1 {7}1 {8}· {8}1$/m);
    expect(text).toContain('✗ use@i=1  task: it broke (attempt 3)\n    first\n    no space for a bear\n');
    expect(text).toContain('blocked by use@i=1: 1 task (join)');
    expect(text).toContain(`what a task said: sweetspot log use@i=1 --cache ${rig.store.root}`);
    await record('2', [runStarted(7), finished('done')]);
    const earlier = await status({ run: '1' });
    expect(earlier.text).toContain(`sweetspot log use@i=1 --run 1 --cache`);
  });

  it('counts failures beyond the first twenty, and says how to list them', async () => {
    const all = Array.from({ length: 30 }, (_, i) => i);
    await record('1', [runStarted(61), ...all.map((i) => failed(`make@i=${i}`)), finished()], { width: 30 });
    const { text } = await status();
    expect(text.match(/^✗/gm)).toHaveLength(20);
    expect(text).toContain('… and 10 more that failed');
    expect(text).toContain('sweetspot ls --cache');
    expect(text).toContain('--state failed --all');
  });

  it('is told of those tasks alone that were asked for, with what they need', async () => {
    await record('1', [runStarted(2), finished('done')], { only: ['use@i=1'] });
    expect((await json()).tasks.map(({ task }) => task)).toEqual(['make@i=1', 'use@i=1']);
    expect((await status()).text).not.toContain('join');
  });

  it('has an exit code with --watch, and nothing to wait for', async () => {
    await record('1', [runStarted(7), finished()]);
    expect(await status({ flags: { watch: true } })).toMatchObject({ code: exitCode.taskFailed });
    expect(await status()).toMatchObject({ code: exitCode.done });
  });
});

describe('`status` of a run whose driver died', () => {
  const events = [runStarted(7), started('make@i=0'), started('make@i=1'), started('make@i=2')];

  it('says so, how to go on, and that a task was cut off', async () => {
    await record('1', events, { driver: gone });
    const { text } = await status();
    expect(text).toContain('killed, last heard of');
    expect(text).toMatch(/! its driver \(process 1 on .*\) is gone and wrote no end/);
    expect(text).toMatch(/^task {2}cut off {2}not run$/m);
    expect(text).toContain('  make@i=0 was cut off\n');
    expect(text).toContain('to go on: sweetspot run /nowhere/study.yaml, with the options it had');
    expect((await status({ flags: { watch: true } })).code).toBe(exitCode.taskFailed);
  });

  it('tells what its workers still do, and what they have finished', async () => {
    await record('1', events, { driver: gone });
    const claim = await rig.store.claims.acquire(key);
    if (claim.kind !== 'acquired') throw new Error(claim.kind);
    expect((await status()).text).toContain(`make@i=0 is still computed by process ${process.pid} on `);
    expect((await json()).cutOff[0]).toMatchObject({ kind: 'computed', task: 'make@i=0', pid: process.pid });
    await claim.claim.release();
    await rig.store.actions.put({
      format: 1,
      key,
      outputs: {},
      provenance: {
        ...{ kind: 'note', startedAt: '2030-01-01T00:00:00Z', durationMs: 1, deviceClass: 'cpu-t1' },
        ...{ backend: 'none', versions: {} },
      },
    });
    expect((await status()).text).toContain('make@i=0 was finished by its worker after all');
  });

  it('does not know of a driver on another machine', async () => {
    await record('1', events, { driver: { host: 'far', boot: 'another boot' } });
    const { text } = await status();
    expect(text).toContain('unknown, last heard of');
    expect(text).toMatch(/on far; whether that lives cannot be told from here/);
  });

  it('can be told before it had frozen its plan', async () => {
    await record('1', [], { driver: gone });
    await writeFile(join(rig.store.runsDir, '1', 'plan.json'), '{"format":');
    expect((await status()).text).toContain('killed');
    expect((await json()).tasks).toEqual([]);
  });
});
