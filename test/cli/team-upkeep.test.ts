import { appendFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import { blobPath } from '../../cache/local/store-folder.ts';
import { openStore } from '../../cache/open-store.ts';
import { storeUsage } from '../../cache/upkeep/usage.ts';
import { statsCommand } from '../../cli/commands/cache.ts';
import { gcCommand } from '../../cli/commands/cache-gc.ts';
import { initCommand } from '../../cli/commands/cache-init.ts';
import { warnOfQuota } from '../../cli/quota.ts';
import type { GcFlags } from '../../cli/flags.ts';
import { cacheUses } from '../../engine/run/cache-use.ts';
import { makeRunFolder } from '../../engine/run/journal-writer.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import { expectKind } from '../cache/support/expect-kind.ts';
import { captureIo } from './capture-io.ts';
import { storeForEach } from './store-for-each.ts';

const dayMs = 24 * 60 * 60 * 1000;
const place = storeForEach();

const keyOf = (text: string): TaskKey => taskKeyOf(digestOf(`task ${text}`));

interface Made {
  readonly outputs: { readonly out: Digest };
  readonly file: Digest;
}

/** The result of a task, `ageDays` old, which took an hour. */
async function made(text: string, { ageDays = 10, deviceClass = 'gpu-h100' } = {}): Promise<Made> {
  const tree = join(place.path, `tree-${text}`);
  await mkdir(tree);
  await writeFile(join(tree, 'text.txt'), text);
  const put = await place.store.artifacts.putTree(tree);
  if (put.kind !== 'stored') throw new Error(put.kind);
  const file = digestOf(text);
  const then = new Date(Date.now() - ageDays * dayMs);
  for (const digest of [put.digest, file]) await utimes(blobPath(place.store, digest), then, then);
  const outputs = { out: put.digest };
  await place.store.actions.put({
    format: 1,
    key: keyOf(text),
    outputs,
    provenance: {
      ...{ kind: 'k', startedAt: then.toISOString(), durationMs: 3_600_000 },
      ...{ deviceClass, backend: 'none', versions: {} },
    },
  });
  return { outputs, file };
}

/** A run that is over, of tasks that were computed or found. */
async function ran(
  run: string,
  about: { readonly study: string; readonly member?: string },
  tasks: readonly (readonly ['task-done' | 'task-cached', string, Made])[],
): Promise<void> {
  const at = '2030-01-01T00:00:00.000Z';
  const record = runFolder(place.store.runsDir, run);
  await makeRunFolder({
    ...{ folder: record, sharing: 'umask', run, file: '/s.yaml', startedAt: at, sources: [] },
    ...about,
  });
  const events = tasks.map(([kind, text, { outputs }]) => ({
    ...{ kind, at, task: `t-${text}`, key: keyOf(text), durationMs: 1, outputs },
  }));
  const counts = { cached: 0, done: 0, failed: 0, blocked: 0, notRun: 0 };
  const end = { kind: 'run-finished', at, outcome: 'done', counts, durationMs: 1 };
  await writeFile(record.planFile, '');
  await appendFile(record.eventsFile, [...events, end].map((event) => `${JSON.stringify(event)}\n`).join(''));
}

async function gc(flags: Partial<GcFlags>): Promise<{ readonly code: number; readonly err: string }> {
  const io = captureIo({ cwd: place.path });
  const code = await gcCommand({ flags: { keepRuns: '0', ...flags }, io });
  return { code, err: io.stderr() };
}

/** Which files are still in their places; those set aside can be had back, so nothing is asked of the place.store itself. */
async function left(all: { readonly [name: string]: Made }): Promise<readonly string[]> {
  const names: string[] = [];
  for (const [name, { file }] of Object.entries(all)) {
    const there = await readFile(blobPath(place.store, file)).then(
      () => true,
      () => false,
    );
    if (there) names.push(name);
  }
  return names;
}

describe('cache gc', () => {
  it('takes only what is older than asked', async () => {
    const all = { old: await made('old', { ageDays: 100 }), newer: await made('newer', { ageDays: 80 }) };
    expect(await gc({ olderThan: '90d' })).toEqual({ code: 0, err: '' });
    expect(await left(all)).toEqual(['newer']);
    expect(await gc({ olderThan: '2w' })).toEqual({ code: 0, err: '' });
    expect(await left(all)).toEqual([]);
  });

  it('takes what is older, and of that only what is above the size', async () => {
    const all = {
      oldest: await made('oldest', { ageDays: 120 }),
      old: await made('old', { ageDays: 100 }),
      newer: await made('newer', { ageDays: 10 }),
    };
    expect(await gc({ olderThan: '90d', maxSize: '1' })).toMatchObject({ code: 0 });
    expect(await left(all)).toEqual(['newer']);
  });

  it('without limits of its own keeps to the quota, which init sets and lifts, and runs and stats tell of', async () => {
    const all = {
      old: await made('old', { ageDays: 30 }),
      newer: await made('newer', { ageDays: 20 }),
      newest: await made('newest', { ageDays: 10 }),
    };
    const bytes = expectKind(await storeUsage(place.store, { withinMs: 0 }), 'usage').bytes;
    const init = async (quota: string): Promise<number> =>
      await initCommand({
        dir: place.store.root,
        flags: { quota },
        io: captureIo({ cwd: place.path }),
      });
    expect([await init('a lot'), await init('0'), await init(String(bytes - 1))]).toEqual([2, 2, 0]);
    const limited = expectKind(await openStore({ dir: place.store.root }), 'opened').store;
    const warned = async (): Promise<string> => {
      const io = captureIo();
      await warnOfQuota(limited, io);
      return io.stderr();
    };
    expect(await warned()).toContain('over its quota of');
    expect(await gc({})).toEqual({ code: 0, err: '' });
    expect(await left(all)).toEqual(['newer', 'newest']);
    expect(await warned()).toBe('');
    const io = captureIo({ cwd: place.path });
    await statsCommand({ flags: {}, io });
    expect(io.stdout()).toMatch(/^blobs .* of a quota of /m);
    expect(await init('none')).toBe(0);
    expect(await gc({})).toEqual({ code: 0, err: '' });
    expect(await left(all)).toEqual([]);
  });

  it('takes only what runs of a study have made, and nothing that a run of another has', async () => {
    const all = {
      own: await made('own'),
      both: await made('both'),
      other: await made('other'),
      stray: await made('stray'),
      latest: await made('latest'),
    };
    await ran('20300101-000000-000-aaaa', { study: 'trial' }, [
      ['task-done', 'own', all.own],
      ['task-done', 'both', all.both],
    ]);
    await ran('20300101-000001-000-bbbb', { study: 'paper' }, [
      ['task-cached', 'both', all.both],
      ['task-done', 'other', all.other],
    ]);
    await ran('20300101-000002-000-cccc', { study: 'trial' }, [['task-done', 'latest', all.latest]]);
    expect(await gc({ study: 'trial', keepRuns: '1' })).toEqual({ code: 0, err: '' });
    expect(await left(all)).toEqual(['both', 'other', 'stray', 'latest']);
    expect(await gc({ study: 'trial' })).toEqual({ code: 0, err: '' });
    expect(await left(all)).toEqual(['both', 'other', 'stray']);
  });

  it.each([
    [{ olderThan: 'long' }, "--older-than 'long' is no time"],
    [{ olderThan: '5' }, "--older-than '5' is no time"],
    [{ study: 'nobody' }, "no run of a study 'nobody' is recorded here"],
  ])('refuses %j and removes nothing', async (flags, words) => {
    const all = { old: await made('old') };
    const ended = await gc(flags);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain(words);
    expect(await left(all)).toEqual(['old']);
  });
});

describe('what the cache has saved', () => {
  it('is told by study and member, from the journals', async () => {
    const gpu = await made('gpu');
    const cpu = await made('cpu-made', { deviceClass: 'cpu-t4' });
    await ran('20300101-000000-000-aaaa', { study: 'paper', member: 'ada' }, [
      ['task-done', 'gpu', gpu],
      ['task-done', 'cpu-made', cpu],
    ]);
    await ran('20300101-000001-000-bbbb', { study: 'paper', member: 'ben' }, [
      ['task-cached', 'gpu', gpu],
      ['task-cached', 'cpu-made', cpu],
    ]);
    await ran('20300101-000002-000-cccc', { study: 'paper', member: 'ben' }, [['task-cached', 'gpu', gpu]]);
    await ran('20300101-000003-000-dddd', { study: 'trial' }, []);
    expect(await cacheUses(place.store)).toEqual({
      runsLeftOut: 0,
      uses: [
        {
          ...{ study: 'paper', member: 'ada', runs: 1, hits: 0, computed: 2 },
          ...{ savedGpuMs: 0, savedCpuMs: 0, savedBytes: 0 },
        },
        {
          ...{ study: 'paper', member: 'ben', runs: 2, hits: 3, computed: 0 },
          ...{ savedGpuMs: 7_200_000, savedCpuMs: 3_600_000, savedBytes: 2 * 3 + 8 },
        },
        {
          ...{ study: 'trial', runs: 1, hits: 0, computed: 0 },
          ...{ savedGpuMs: 0, savedCpuMs: 0, savedBytes: 0 },
        },
      ],
    });
  });
});
