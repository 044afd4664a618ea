import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../cache/digest.ts';
import { parseTaskKey } from '../../cache/digest.ts';
import { materialiseOver } from '../../cli/place-artifact.ts';
import { recordedRun } from '../../cli/recorded-run.ts';
import { taskId } from '../../engine/plan/plan.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { listRuns } from '../../engine/run/journal.ts';
import { storeForEach } from './store-for-each.ts';

const place = storeForEach();

async function put(text: string): Promise<Digest> {
  const tree = join(place.path, `tree-${text}`);
  await mkdir(tree);
  await writeFile(join(tree, 'text.txt'), text);
  const result = await place.store.artifacts.putTree(tree);
  if (result.kind !== 'stored') throw new Error(result.kind);
  return result.digest;
}

describe('an artifact laid over a folder', () => {
  it('takes the place of what was there, and leaves nothing beside it', async () => {
    const dir = join(place.path, 'out/deep');
    await materialiseOver({ store: place.store, digest: await put('old'), dir });
    await writeFile(join(dir, 'stray'), '');
    await materialiseOver({ store: place.store, digest: await put('new'), dir });
    expect(await readdir(dir)).toEqual(['text.txt']);
    expect(await readFile(join(dir, 'text.txt'), 'utf8')).toBe('new');
    expect(await readdir(join(place.path, 'out'))).toEqual(['deep']);
  });

  it('leaves what was there where its bytes are gone', async () => {
    const dir = join(place.path, 'out');
    await materialiseOver({ store: place.store, digest: await put('old'), dir });
    const result = await materialiseOver({ store: place.store, digest: 'f'.repeat(64) as Digest, dir });
    expect(result.kind).not.toBe('materialised');
    expect(await readFile(join(dir, 'text.txt'), 'utf8')).toBe('old');
  });
});

describe('a recorded run', () => {
  const at = '2030-01-01T00:00:00.000Z';
  const key = parseTaskKey('a'.repeat(64))!;
  const failure = { class: 'task', message: 'no' } as const;

  async function record(run: string, events: readonly RunEvent[], tasks?: readonly string[]): Promise<void> {
    const dir = join(place.store.runsDir, run);
    await mkdir(dir, { recursive: true });
    const driver = { host: 'elsewhere', pid: 1 };
    const about = { format: 1, run, study: 'tiny', file: '/tiny.yaml', startedAt: at, driver };
    await writeFile(join(dir, 'run.json'), JSON.stringify(about));
    const plan = { tasks: tasks?.map((id) => ({ id })) };
    if (tasks !== undefined) await writeFile(join(dir, 'plan.json'), JSON.stringify(plan));
    await writeFile(
      join(dir, 'events.jsonl'),
      `${events.map((event) => JSON.stringify(event)).join('\n')}\n{"kind":"to`,
    );
  }

  it('is folded task by task, in plan order; a torn last line is passed over', async () => {
    await record(
      '1',
      [
        { kind: 'task-cached', at, task: taskId('b@seed=0'), key, outputs: {} },
        { kind: 'task-started', at, task: taskId('a'), key, attempt: 1, slot: 's', pid: 1, resumed: false },
        { kind: 'task-failed', at, task: taskId('a'), attempt: 1, failure, willRetry: true },
        { kind: 'task-started', at, task: taskId('a'), key, attempt: 2, slot: 's', pid: 1, resumed: false },
        { kind: 'task-failed', at, task: taskId('a'), attempt: 2, failure, willRetry: false },
        { kind: 'task-blocked', at, task: taskId('c'), by: taskId('a') },
      ],
      ['a', 'b@seed=0', 'c', 'd'],
    );
    const run = await recordedRun(place.store, undefined);
    expect([...run!.tasks.values()].map(({ task, state }) => [task, state])).toEqual([
      ['a', 'failed'],
      ['b@seed=0', 'cached'],
      ['c', 'blocked'],
      ['d', 'pending'],
    ]);
    expect(run!.tasks.get('a')).toMatchObject({ key, failure });
    expect(run!.tasks.get('b@seed=0')).toMatchObject({ name: 'b', coordinates: { seed: '0' } });
  });

  it('is the latest where none is named, and none where there is none', async () => {
    expect(await recordedRun(place.store, undefined)).toBeUndefined();
    await record('1', [], []);
    await record('2', [], []);
    expect((await recordedRun(place.store, undefined))?.record.run).toBe('2');
    expect((await recordedRun(place.store, '1'))?.record.run).toBe('1');
    expect(await recordedRun(place.store, '../runs')).toBeUndefined();
  });

  it('can be read though its driver died before it had frozen the plan', async () => {
    await record('1', []);
    expect((await recordedRun(place.store, '1'))?.tasks.size).toBe(0);
    expect(await listRuns(place.store.runsDir)).toMatchObject([{ run: '1', outcome: undefined }]);
  });
});
