import { lutimes, mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPath } from '../../cache/local/store-folder.ts';
import { expectKind } from '../cache/support/expect-kind.ts';
import { startSweetspot } from '../support/command.ts';
import type { Finished, Started } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';
import { eventsOf, openRig, storeAt } from './rig.ts';
import type { Rig } from './rig.ts';
import { allTasks, untilGo } from './study.ts';

const minutes = 60_000;
const dayMs = 24 * 3_600_000;
const preload = pathToFileURL(join(repositoryRoot, 'test/faults/shifted-clock.mjs')).href;

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
  await setClock(0);
});
afterEach(() => rig[Symbol.asyncDispose]());

/** Sets the clock of all processes that live or come, by so much from what it is. */
function setClock(byMs: number): Promise<void> {
  return writeFile(join(rig.dir, 'clock'), String(byMs));
}

function start(...args: string[]): Started {
  const env = { NODE_OPTIONS: `--import=${preload}`, SWEETSPOT_TEST_CLOCK: join(rig.dir, 'clock') };
  return startSweetspot([...args, '--cache', join(rig.dir, 'store')], { cwd: rig.dir, detached: true, env });
}

function run(...args: string[]): Promise<Finished> {
  return start('run', 'faults.yaml', '--json', ...args).finished;
}

/** As after the clock was set: the store's files bear times that are off by so much now. */
async function shiftTimes(dir: string, byMs: number): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const { atimeMs, mtimeMs } = await stat(path);
    await lutimes(path, (atimeMs + byMs) / 1000, (mtimeMs + byMs) / 1000);
  }
}

const sets = [
  ['back', -dayMs],
  ['forward', dayMs],
] as const;

describe.each(sets)('the clock is set %s a day', (_, byMs) => {
  it(
    'between two runs: what was done is cached, and the new run is the last one',
    async () => {
      expect(await rig.problems('store', await run())).toEqual([]);
      await rig.executions();
      await setClock(byMs);
      const again = await run();
      expect(Math.abs(clockOf(again) - Date.now() - byMs)).toBeLessThan(dayMs / 2);
      expect(await rig.problems('store', again)).toEqual([]);
      // Something new to do, too.
      await rig.place({ words: { s03: 'other' } });
      const changed = await run();
      expect(await rig.problems('store', changed, { s03: 'other' })).toEqual([]);
      expect(Object.fromEntries(await rig.executions())).toEqual({ s03: 1, m03: 1, sum: 1 });
      const status = await start('status', '--json').finished;
      expect(JSON.parse(status.stdout)).toMatchObject({ run: runOf(changed), state: 'done' });
      // And back to what it was, as when somebody has noticed.
      await setClock(0);
      const last = await run();
      expect(await rig.problems('store', last, { s03: 'other' })).toEqual([]);
      expect(await rig.executions()).toEqual(new Map());
      const after = await start('status', '--json').finished;
      expect(JSON.parse(after.stdout)).toMatchObject({ run: runOf(last) });
      expect(await start('cache', 'verify').finished).toMatchObject({ code: 0, stderr: '' });
    },
    5 * minutes,
  );

  it(
    'during a run: it ends as planned, and nothing is lost or done twice',
    async () => {
      await rig.place({ before: { s03: untilGo } });
      const running = start('run', 'faults.yaml', '--json');
      await rig.began('s03');
      await setClock(byMs);
      await rig.go();
      const ended = await running.finished;
      expect(await rig.problems('store', ended)).toEqual([]);
      expect(await rig.executions()).toEqual(new Map(allTasks.map((task) => [task, 1])));
      const done = eventsOf(ended).flatMap((event) => (event.kind === 'task-done' ? [event.durationMs] : []));
      expect(done.every((ms) => ms >= 0 && ms < minutes)).toBe(true);
      expect(await rig.problems('store', await run())).toEqual([]);
      expect(await rig.executions()).toEqual(new Map());
    },
    5 * minutes,
  );

  it(
    'with the file server’s: what bears other times is cached, and no blob that is needed goes',
    async () => {
      expect(await rig.problems('store', await run())).toEqual([]);
      await rig.executions();
      await shiftTimes(join(rig.dir, 'store'), -byMs);
      expect(await rig.problems('store', await run())).toEqual([]);
      const gc = await start('cache', 'gc', '--max-size', '0').finished;
      expect([gc.code, gc.stderr]).toEqual([0, '']);
      expect(await rig.problems('store', await run())).toEqual([]);
      expect(await rig.executions()).toEqual(new Map());
    },
    5 * minutes,
  );

  it(
    'on this host alone: gc keeps what has just been stored again',
    async () => {
      const store = await storeAt(join(rig.dir, 'store'));
      const { digest } = expectKind(await store.blobs.putBytes('stored again'), 'stored');
      const path = blobPath(store, digest);
      const old = (Date.now() - 1.5 * dayMs) / 1000;
      await utimes(path, old, old);
      // A task makes these very bytes.
      await rig.place({ words: { s00: "'stored again'" } });
      await writeFile(join(rig.dir, 'faults.yaml'), printing('stored again'));
      await setClock(byMs);
      expect(await run()).toMatchObject({ code: 0 });
      await setClock(0);
      expect((await stat(path)).mtimeMs).toBeGreaterThan(Date.now() - dayMs / 2);
      const gc = await start('cache', 'gc', '--keep-runs', '0').finished;
      expect([gc.code, gc.stderr]).toEqual([0, '']);
      expect(await readdir(join(path, '..'))).toContain(digest);
    },
    5 * minutes,
  );

  it(
    'a data file that changes under it is noticed all the same',
    async () => {
      const data = join(rig.dir, 'pictures');
      await mkdir(join(data, 'cat'), { recursive: true });
      const file = join(data, 'cat/1.png');
      await writeFile(file, 'first');
      await writeFile(join(rig.dir, 'faults.yaml'), reading());
      const flags = ['--data', `pictures=${data}`];
      const made = async (): Promise<string> => {
        const ended = await run(...flags);
        expect([ended.code, ended.stderr]).toEqual([0, '']);
        return await readFile(join(rig.dir, 'out/reading/read.txt'), 'utf8');
      };
      expect(await made()).toBe('first');
      await setClock(byMs);
      expect(await made()).toBe('first');
      // As long, and with the time that the other had.
      const { atime, mtime } = await stat(file);
      await writeFile(file, 'other');
      await utimes(file, atime, mtime);
      expect(await made()).toBe('other');
      await setClock(0);
      expect(await made()).toBe('other');
    },
    5 * minutes,
  );
});

/** The time by the clock of a run, at its beginning. */
function clockOf(ended: Finished): number {
  return Date.parse(eventsOf(ended).find((event) => event.kind === 'run-started')?.at ?? '');
}

function runOf(ended: Finished): string | undefined {
  const started = eventsOf(ended).find((event) => event.kind === 'run-started');
  return started?.kind === 'run-started' ? started.run : undefined;
}

function printing(words: string): string {
  return `study: printing
tasks:
  print:
    uses: command
    with:
      run: [sh, -ec, "printf '${words}' > out.txt"]
      outputs: { out: { type: files, path: out.txt } }
`;
}

function reading(): string {
  return `study: reading
data: { pictures: { uses: image-folder } }
tasks:
  read:
    uses: command
    with:
      run: [sh, -ec, "cat inputs/in/*/* > out.txt"]
      inputs: { in: "\${{ data.pictures }}" }
      outputs: { out: { type: files, path: out.txt } }
`;
}
