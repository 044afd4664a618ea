import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import { actionPath, blobPath } from '../../cache/local/store-folder.ts';
import { openStore } from '../../cache/open-store.ts';
import type { Store } from '../../cache/store.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import { setPin } from '../../cache/upkeep/pins.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import type { StorePart } from '../../cache/upkeep/verify/checked.ts';
import { actionResult } from '../cache/support/action-results.ts';
import { expectKind } from '../cache/support/expect-kind.ts';
import { ManualClock } from '../cache/support/manual-clock.ts';
import { temporaryFolder, temporaryStore } from '../cache/support/temporary-store.ts';
import { sweetspot } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { damages } from './damage.ts';
import { keysIn, openRig, runUndisturbed, storeAt } from './rig.ts';
import type { Rig } from './rig.ts';
import { middles, sources } from './study.ts';

const minutes = 60_000;

/** A store that holds one file of each kind. */
interface Stocked {
  readonly store: Store;
  readonly artifact: Digest;
  readonly blob: Digest;
  readonly key: TaskKey;
  /** A folder of one data file, which the index knows. */
  readonly data: string;
  /** Where each lies. */
  readonly paths: { readonly [kind in Kind]: string };
}

type Kind = 'blob' | 'manifest' | 'action' | 'result' | 'snapshot' | 'claim' | 'pin' | 'trash' | 'index';

const parts: { readonly [kind in Kind]: StorePart } = {
  ...{ blob: 'blob', manifest: 'blob', action: 'blob', trash: 'trashed blob' },
  ...{ result: 'result', snapshot: 'snapshot', claim: 'claim', pin: 'pin', index: 'index file' },
};

async function stock(): Promise<Stocked> {
  const store = await temporaryStore();
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'out.txt'), 'what a task has made\n');
  const { digest } = expectKind(await store.artifacts.putTree(dir), 'stored');
  const result = { ...actionResult('an action'), outputs: { out: digest } };
  expectKind(await store.blobs.putUnsynced('an action'), 'stored');
  expectKind(await store.actions.put(result), 'stored');
  const running = taskKeyOf(digestOf('a running task'));
  expectKind(await store.snapshots.save(running, (into) => writeFile(join(into, 'w'), 'older')), 'saved');
  expectKind(await store.snapshots.save(running, (into) => writeFile(join(into, 'w'), 'newer')), 'saved');
  expectKind(await store.claims.acquire(running), 'acquired');
  await setPin(store, { name: 'paper', digests: [digest] });
  const trashed = digestOf('not wanted any more');
  const sweep = join(store.root, 'trash', '1-ab');
  await mkdir(sweep);
  await writeFile(join(sweep, trashed), 'not wanted any more');
  const data = await temporaryFolder();
  await writeFile(join(data, 'cat.png'), 'a cat');
  const later = expectKind(await openStore({ dir: store.root, clock: new ManualClock() }), 'opened').store;
  expectKind(await later.fileIndex.digests({ root: data, paths: ['cat.png'] }), 'indexed');
  return {
    store,
    artifact: digest,
    blob: digestOf('what a task has made\n'),
    key: result.key,
    data,
    paths: {
      blob: blobPath(store, digestOf('what a task has made\n')),
      manifest: blobPath(store, digest),
      action: blobPath(store, digestOf('an action')),
      result: actionPath(store, result.key),
      snapshot: join(store.root, 'partial', running, '2', 'files', 'w'),
      claim: join(store.root, 'claims', `${running}.1`),
      pin: join(store.root, 'pins', 'paper'),
      trash: join(sweep, trashed),
      index: join(store.root, 'index', digestOf(data)),
    },
  };
}

describe.each(damages)('any file of a store: $name', (damage) => {
  it('is named by a check of the store, with what to do; the second check has nothing new to say', async () => {
    const { store, paths } = await stock();
    expect((await verified(store)).findings).toEqual([]);
    for (const path of Object.values(paths)) await damage.do(path);
    const { findings } = await verified(store);
    for (const [kind, path] of Object.entries(paths) as [Kind, string][]) {
      const told = findings.filter((each) => path.startsWith(each.path) && each.what === parts[kind]);
      // What is gone can only be missed by what names it: the snapshot by its checksums, the files by the pin.
      const isMissed = !damage.deletes || kind === 'snapshot';
      expect([kind, told.length]).toEqual([kind, isMissed ? 1 : 0]);
      for (const { problem, wayOut } of told) expect([problem, wayOut]).not.toContain('');
    }
    // A claim may have a living owner, and what a pin keeps is for its owner to say.
    const rest = (await verified(store)).findings.map(({ what }) => what);
    const left = damage.deletes ? [] : ['claim', 'pin'];
    expect(rest.filter((what) => what !== 'pin' || !damage.deletes).sort()).toEqual(left);
  });

  it('is never served: each reader finds what was written, or nothing', async () => {
    const stocked = await stock();
    const { store, artifact, blob, key, paths } = stocked;
    for (const path of Object.values(paths)) await damage.do(path);
    const dir = join(await temporaryFolder(), 'copy');
    expect(['absent', 'corrupt']).toContain((await store.artifacts.materialise(artifact, dir)).kind);
    expect(existsSync(dir)).toBe(false);
    for (const digest of [blob, artifact, digestOf('an action'), digestOf('not wanted any more')])
      expect(['absent', 'corrupt']).toContain((await store.blobs.read(digest)).kind);
    expect(['absent', 'corrupt']).toContain((await store.actions.get(key)).kind);
    const running = taskKeyOf(digestOf('a running task'));
    const moved: string[] = [];
    const newest = await store.snapshots.newest(running, (movedTo) => moved.push(movedTo));
    expect([newest?.number, moved.length]).toEqual([1, 1]);
    expect(await readFile(join(newest!.dir, 'w'), 'utf8')).toBe('older');
    const collected = await collectGarbage({ store, roots: [] });
    expect(collected.kind).toBe(damage.deletes ? 'collected' : 'damaged-pins');
    // All can be made anew in its place.
    expectKind(await store.blobs.putBytes('what a task has made\n'), 'stored');
    expectKind(await store.blobs.read(blob), 'found');
    expectKind(await store.actions.put({ ...actionResult('an action'), outputs: {} }), 'stored');
  });

  it('does not keep a task from being claimed for longer than its owner could be alive', async () => {
    const clock = new ManualClock();
    const store = await temporaryStore({ clock });
    const key = taskKeyOf(digestOf('claimed'));
    expectKind(await store.claims.acquire(key), 'acquired');
    await damage.do(join(store.root, 'claims', `${key}.1`));
    const first = await store.claims.acquire(key);
    const isNobodys = damage.deletes || damage.name.startsWith('cut to nothing');
    expect(first.kind).toBe(isNobodys ? 'acquired' : 'held');
    clock.advance(5 * minutes);
    if (first.kind === 'held') expectKind(await store.claims.acquire(key), 'acquired');
  });
});

describe('an index of data files', () => {
  it('that is damaged is named once to those who use it, and mended', async () => {
    const { store, data, paths } = await stock();
    const text = await readFile(paths.index, 'utf8');
    await writeFile(paths.index, text.replace('cat', 'cut'));
    const indexed = await store.fileIndex.digests({ root: data, paths: ['cat.png'] });
    expect(expectKind(indexed, 'indexed').files[0]?.sha256).toBe(digestOf('a cat'));
    expect(store.fileIndex.damaged()).toEqual([paths.index]);
    expect(store.fileIndex.damaged()).toEqual([]);
    expect((await verified(store)).findings).toEqual([]);
  });
});

describe('damage under the real command', () => {
  let rig: Rig;
  let keys: ReadonlyMap<string, TaskKey>;
  const root = (): string => join(rig.dir, 'undisturbed');
  const command = (...args: string[]): Promise<Finished> =>
    sweetspot([...args, '--cache', root()], { cwd: rig.dir });
  const resultAt = (task: string): string => actionPath(folder(root()), keys.get(task)!);

  beforeAll(async () => {
    rig = await openRig();
    ({ keys } = await runUndisturbed(rig));
  }, 5 * minutes);
  afterAll(() => rig[Symbol.asyncDispose]());

  /** All of them are tried on the store itself, above. */
  const some = damages.filter(({ name }) => !/half, .*kept|nothing, .*changed/.test(name));

  it.each(some.map((damage, number) => [damage.name, damage, number] as const))(
    '%s: a run serves nothing bad, names it, and makes again what is needed and no more',
    async (_, damage, number) => {
      // Writes the index anew where the last round has changed results, and is not answered from a record.
      await rm(join(root(), 'index', 'settled'), { recursive: true, force: true });
      expect((await rig.run('undisturbed')).code).toBe(0);
      await rig.executions();
      const [blob, manifest, vouched, result] = inShardsOfTheirOwn(keys, 4);
      const made = await madeBy(root(), keys);
      const index = join(root(), 'index', 'actions', shardOf(keys, result));
      const delivered = join(root(), 'index', deliveryRecord(root()));
      const settled = join(root(), 'index', 'settled', settledRecord(root()));
      const [newest, older] = runsIn(root());
      await damage.do(blobPath(folder(root()), made.get(blob)!.file));
      await damage.do(blobPath(folder(root()), made.get(manifest)!.artifact));
      await damage.do(resultAt(vouched));
      await damage.do(index);
      await damage.do(resultAt(result));
      await damage.do(delivered);
      await damage.do(settled);
      await damage.do(join(newest!, 'events.jsonl'));
      await damage.do(join(newest!, 'plan.json'));
      await damage.do(join(older!, 'run.json'));

      // Two tasks are other ones now, and read what lies there.
      const readers = [middleOf(blob), middleOf(manifest)];
      await rig.place({ before: Object.fromEntries(readers.map((task) => [task, `: ${number}`])) });
      const ended = await rig.run('undisturbed');
      expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
      const lost = [blob, manifest, result, ...(damage.deletes ? [vouched] : [])];
      expect(Object.fromEntries(await rig.executions())).toEqual(
        Object.fromEntries([...lost, ...readers].map((task) => [task, 1])),
      );
      const told = `${ended.stdout}${ended.stderr}`;
      const named = [
        'an input was damaged in the store',
        `a damaged result was moved to`,
        `${index} was damaged`,
        `${delivered} was damaged`,
        `${settled} was damaged`,
      ];
      if (!damage.deletes) for (const words of named) expect(told).toContain(words);

      if (damage.keepsSize && number === 0) {
        const status = await command('status', basename(newest!));
        expect(status.code).toBe(0);
        expect(status.stderr).toContain(`${newest!}/events.jsonl is damaged`);
        expect(status.stderr).toContain(`${newest!}/plan.json is damaged`);
        const gc = await command('cache', 'gc');
        expect([gc.code, gc.stderr]).toEqual([3, expect.stringContaining(`${newest!}/events.jsonl`)]);
      }
      const verify = await command('cache', 'verify');
      expect([verify.code, verify.stderr]).toEqual([damage.deletes ? 0 : 1, expect.any(String)]);
      if (!damage.deletes) {
        expect(verify.stderr).toContain(`${resultAt(vouched)} is damaged`);
        expect(verify.stderr).toContain('the copy that the index had is in its place now');
        expect(verify.stderr).toContain(`${older!}/run.json is damaged`);
      }
      if (number === 0) expect(await command('cache', 'verify')).toMatchObject({ code: 0 });
      expect(await rig.problems('undisturbed', ended)).toEqual([]);
    },
    5 * minutes,
  );

  it('store.json: nothing is touched until somebody has looked; where it is gone, it is made', async () => {
    const path = join(root(), 'store.json');
    const text = await readFile(path, 'utf8');
    await rig.place();
    await rig.run('undisturbed');
    await rig.executions();
    for (const damage of damages.filter(({ name }) => name.endsWith('kept'))) {
      await damage.do(path);
      const ended = await rig.run('undisturbed');
      expect(ended.code).toBe(damage.deletes ? 0 : 3);
      if (!damage.deletes) expect(ended.stderr).toContain(`${path} is damaged`);
      await writeFile(path, text);
    }
    expect((await rig.run('undisturbed')).code).toBe(0);
    expect(await rig.executions()).toEqual(new Map());
  });

  it('what people ask for: `export`, `log`, `show` and `why` name it and say what to do', async () => {
    const talker = 's10';
    await rig.place({ before: { [talker]: 'echo words' } });
    const first = await rig.run('undisturbed');
    const now = keysIn(first);
    // Cached, so that its words are those of the store.
    await rig.run('undisturbed');
    await rig.executions();
    const made = await madeBy(root(), now);
    const { file, log } = made.get(talker)!;
    for (const digest of [file, log!, now.get(talker)! as string as Digest])
      await damages[0]!.do(blobPath(folder(root()), digest));
    const named = (digest: string): unknown =>
      expect.stringContaining(`${digest} is damaged, and was moved to`);
    const shown = await command('show', talker);
    expect([shown.code, shown.stderr]).toEqual([0, named(now.get(talker)!)]);
    const said = await command('log', talker);
    expect([said.code, said.stderr]).toEqual([2, named(log!)]);
    const exported = await command('export', talker, 'copy');
    expect([exported.code, exported.stderr]).toEqual([1, named(file)]);
    expect(exported.stderr).toContain('run the study again');
    expect(readdirSync(join(rig.dir, 'copy'))).toEqual([]);

    expect(await command('cache', 'pin', 'keep', talker)).toMatchObject({ code: 0 });
    const pin = join(root(), 'pins', 'keep');
    await damages[0]!.do(pin);
    const gc = await command('cache', 'gc');
    expect([gc.code, gc.stderr]).toEqual([3, expect.stringContaining(pin)]);
    const verify = await command('cache', 'verify');
    expect([verify.code, verify.stderr]).toEqual([1, expect.stringContaining(`pin ${pin} cannot be read`)]);
  });
});

interface Made {
  readonly artifact: Digest;
  readonly file: Digest;
  readonly log: Digest | undefined;
}

/** What each task has made, by name. */
async function madeBy(root: string, keys: ReadonlyMap<string, TaskKey>): Promise<ReadonlyMap<string, Made>> {
  const store = await storeAt(root);
  const made = new Map<string, Made>();
  for (const [task, key] of keys) {
    const { result } = expectKind(await store.actions.get(key), 'found');
    const artifact = result.outputs['out']!;
    const { manifest } = expectKind(await store.artifacts.manifest(artifact), 'found');
    made.set(task, { artifact, file: manifest.files[0]!.sha256, log: result.provenance.log });
  }
  return made;
}

/** Sources of which each has its result in a shard of its own, so that what befalls one index file befalls no other's. */
function inShardsOfTheirOwn(
  keys: ReadonlyMap<string, TaskKey>,
  count: number,
): readonly [string, string, string, string] {
  const shards = [...keys.keys()].map((task) => shardOf(keys, task));
  const alone = sources.filter((task) => shards.filter((each) => each === shardOf(keys, task)).length === 1);
  expect(alone.length).toBeGreaterThanOrEqual(count);
  return alone.slice(0, count) as [string, string, string, string];
}

function shardOf(keys: ReadonlyMap<string, TaskKey>, task: string): string {
  return keys.get(task)!.slice(0, 2);
}

function middleOf(source: string): string {
  return middles[sources.indexOf(source)]!;
}

function folder(root: string): { readonly root: string; readonly sharing: 'umask' } {
  return { root, sharing: 'umask' };
}

function deliveryRecord(root: string): string {
  return readdirSync(join(root, 'index')).find((name) => name.startsWith('delivered-'))!;
}

/** What the last run left so that the next one need not plan. */
function settledRecord(root: string): string {
  return readdirSync(join(root, 'index', 'settled')).find((name) => /^[0-9a-f]{32}$/.test(name))!;
}

/** Folders of runs, the newest first. */
function runsIn(root: string): readonly string[] {
  const names = readdirSync(join(root, 'runs')).sort().reverse();
  return names.map((name) => join(root, 'runs', name));
}

async function verified(
  store: Store,
): Promise<Extract<Awaited<ReturnType<typeof verifyStore>>, { kind: 'verified' }>> {
  return expectKind(await verifyStore({ store }), 'verified');
}
