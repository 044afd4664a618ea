import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskKey } from '../../cache/digest.ts';
import { blobPath } from '../../cache/local/store-folder.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';
import { openRig, pause, runUndisturbed, standing, storeAt } from './rig.ts';
import type { Rig } from './rig.ts';
import { seeded } from './seed.ts';
import { mayMount, smallDisk } from './small-disk.ts';
import type { SmallDisk } from './small-disk.ts';
import { allTasks, untilGo } from './study.ts';

const minutes = 60_000;
const chance = seeded();
const storeBytes = 8_000_000;
await using probe = await temporaryFolder();
const inNamespace = process.env['SWEETSPOT_IN_NAMESPACE'] === '1';

const mounts = mayMount(probe.path);

describe.each(mounts ? ['here'] : [])(`a disk that is full (SWEETSPOT_FAULT_SEED=${chance.seed})`, () => {
  let rig: Rig;
  let keys: ReadonlyMap<string, TaskKey>;
  let durationMs: number;

  beforeAll(async () => {
    rig = await openRig();
    ({ keys, durationMs } = await runUndisturbed(rig));
  }, 5 * minutes);
  afterAll(() => rig[Symbol.asyncDispose]());

  it(
    'before there is a store: says where and what to do, and the next run begins from nothing',
    async () => {
      using disk = smallDisk(join(rig.dir, 'before'), storeBytes);
      disk.fill();
      const full = await rig.run('before/store');
      expectFull(full, join(rig.dir, 'before/store'));
      expect(await rig.executions()).toEqual(new Map());
      disk.empty();
      expect(await rig.problems('before/store', await rig.run('before/store'))).toEqual([]);
      expect(await rig.executions()).toEqual(new Map(allTasks.map((task) => [task, 1])));
    },
    5 * minutes,
  );

  it.each([
    ['before the run', 's00', ''],
    ['while a program writes', 's07', untilGo],
    ['while outputs are stored', 's07', `echo s07 > out.txt; ${untilGo}`],
  ])(
    '%s: exit 3, the store is whole, and a run with room goes on',
    async (when, task, before) => {
      using disk = smallDisk(join(rig.dir, 'full'), storeBytes);
      await rig.place({ before: { [task]: before === '' ? ':' : before } });
      // The store is there; what it is to hold is not.
      expect((await rig.run('full', ['--only', 's19'])).code).toBe(0);
      await rig.executions();
      if (when === 'before the run') disk.fill();
      const run = rig.start('full');
      if (when !== 'before the run') {
        await rig.began(task);
        disk.fill();
        await rig.go();
      }
      const ended = await run.finished;
      expectFull(ended, join(rig.dir, 'full'));
      await goesOn('full', disk);
    },
    5 * minutes,
  );

  it.each(['claims', 'runs', 'work'])(
    'full is only the disk of %s/',
    async (place) => {
      const cache = `aside-${place}`;
      expect((await rig.run(cache, ['--only', 's19'])).code).toBe(0);
      await rig.executions();
      using disk = smallDisk(join(rig.dir, cache, place), 400_000);
      disk.fill();
      const ended = await rig.run(cache);
      expectFull(ended, join(rig.dir, cache, place));
      await goesOn(cache, disk);
    },
    5 * minutes,
  );

  it(
    'in the middle of the journal: what is finished by then is kept',
    async () => {
      const cache = 'journal';
      expect((await rig.run(cache, ['--only', 's19'])).code).toBe(0);
      await rig.executions();
      using disk = smallDisk(join(rig.dir, cache, 'runs'), 400_000);
      // Room for the plan, and for some of the events.
      disk.fill(64_000);
      const ended = await rig.run(cache);
      expectFull(ended, join(rig.dir, cache, 'runs'));
      await goesOn(cache, disk);
    },
    5 * minutes,
  );

  it(
    'at the last moment, as the index is written: the run is done, and the next one does without',
    async () => {
      const cache = 'index';
      expect((await rig.run(cache, ['--only', 's19'])).code).toBe(0);
      using disk = smallDisk(join(rig.dir, cache, 'index'), 400_000);
      disk.fill();
      expect(await rig.problems(cache, await rig.run(cache))).toEqual([]);
      await rig.executions();
      expect(await rig.problems(cache, await rig.run(cache))).toEqual([]);
      expect(await rig.executions()).toEqual(new Map());
    },
    5 * minutes,
  );

  it(
    'at random moments: whatever the run was at',
    async () => {
      for (let number = 0; number < 4; number++) {
        using disk = smallDisk(join(rig.dir, `random-${number}`), storeBytes);
        const run = rig.start(`random-${number}`);
        await pause(chance.next() * durationMs);
        disk.fill();
        const ended = await run.finished;
        if (ended.code !== 0) expectFull(ended, join(rig.dir, `random-${number}`));
        await goesOn(`random-${number}`, disk);
      }
    },
    5 * minutes,
  );

  it(
    'for temporary files, where devices are leased: a task that needs one says so',
    async () => {
      using disk = smallDisk(join(rig.dir, 'temporary'), 400_000);
      await rig.place({ fields: { s00: 'resources: { slots: 1 }' } });
      disk.fill();
      const args = ['run', 'faults.yaml', '--json', '--only', 's00', '--cache', join(rig.dir, 'leasing')];
      const env = { TMPDIR: join(rig.dir, 'temporary') };
      expectFull(await sweetspot(args, { cwd: rig.dir, env }), join(rig.dir, 'temporary'));
      disk.empty();
      expect(await sweetspot(args, { cwd: rig.dir, env })).toMatchObject({ code: 0 });
      await rig.place();
      await rig.executions();
    },
    5 * minutes,
  );

  it(
    '`cache gc --now` makes room on it',
    async () => {
      using disk = smallDisk(join(rig.dir, 'gc'), storeBytes);
      const cache = join(rig.dir, 'gc');
      const store = await storeAt(cache);
      const put = await store.blobs.putBytes(Buffer.alloc(2_000_000, 'garbage'));
      if (put.kind !== 'stored') throw new Error(put.kind);
      const old = new Date(Date.now() - 3_600_000);
      await utimes(blobPath(store, put.digest), old, old);
      disk.fill();
      const gc = await sweetspot(['cache', 'gc', '--now', '--cache', cache], { cwd: rig.dir });
      expect([gc.code, gc.stderr]).toEqual([0, '']);
      expect(await store.blobs.has(put.digest)).toBe(false);
      expect((await rig.run('gc')).code).toBe(0);
      await rig.executions();
    },
    5 * minutes,
  );

  /** The store is whole; with room, what was not finished is done, once, and nothing else. */
  async function goesOn(cache: string, disk: SmallDisk): Promise<void> {
    expect(await rig.quiet()).toEqual([]);
    // Where there was no room for as much as a store, there is none to look at.
    if (existsSync(join(rig.dir, cache, 'store.json'))) {
      const verify = await sweetspot(['cache', 'verify', '--cache', join(rig.dir, cache)], { cwd: rig.dir });
      expect([verify.code, verify.stderr]).toEqual([0, '']);
    }
    const finished = standing(rig, cache, keys);
    disk.empty();
    await rig.executions();
    await rig.place();
    const again = await rig.run(cache);
    expect(await rig.problems(cache, again)).toEqual([]);
    const executed = await rig.executions();
    const due = allTasks.filter((task) => !finished.has(task));
    expect([...executed].sort()).toEqual(due.sort().map((task) => [task, 1]));
  }
});

describe.each(mounts || inNamespace ? [] : ['in a namespace'])(
  'a disk that is full, where nobody may mount one',
  () => {
    it(
      'the same in a namespace of its own',
      () => {
        const vitest = join(repositoryRoot, 'node_modules/vitest/vitest.mjs');
        const args = ['--user', '--map-root-user', '--mount', process.execPath, vitest, 'run'];
        const inside = spawnSync('unshare', [...args, fileURLToPath(import.meta.url)], {
          cwd: repositoryRoot,
          env: { ...process.env, SWEETSPOT_IN_NAMESPACE: '1' },
          encoding: 'utf8',
        });
        expect([inside.status, `${inside.stdout}${inside.stderr}`]).toEqual([
          0,
          expect.stringContaining(' passed'),
        ]);
      },
      10 * minutes,
    );
  },
);

/** Exit code 3, the place, and the way out. */
function expectFull(ended: Finished, place: string): void {
  const told = `${ended.stdout}${ended.stderr}`;
  expect([ended.code, told]).toEqual([3, expect.stringContaining(place)]);
  expect(ended.stderr).toMatch(/full|no space/i);
  expect(ended.stderr).toContain('make room');
}
