import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { taskId } from '../../../engine/plan/plan.ts';
import { openDriverLog } from '../../../engine/run/driver-log.ts';

it('is not begun where nothing goes wrong', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'driver-log-'));
  const log = openDriverLog(join(dir, 'driver.log'));
  log.write({
    kind: 'run-started',
    at: '2024-01-01T00:00:00.000Z',
    run: 'r',
    study: 's',
    tasks: 1,
    slots: [],
  });
  await log.close();
  expect(existsSync(join(dir, 'driver.log'))).toBe(false);
  await rm(dir, { recursive: true });
});

it('has on disk, once closed, what was written, each line with its level, without what is only noise', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'driver-log-'));
  const log = openDriverLog(join(dir, 'driver.log'));
  const at = '2024-01-01T00:00:00.000Z';
  log.write({ kind: 'run-started', at, run: 'r', study: 's', tasks: 1, slots: [] });
  log.write({ kind: 'warning', at, message: 'beware' });
  log.write({ kind: 'task-progress', at, task: taskId('a'), progress: { done: 1, of: 2, unit: 'steps' } });
  log.write({
    kind: 'task-failed',
    at,
    task: taskId('a'),
    attempt: 1,
    failure: { class: 'task', message: 'no' },
    willRetry: false,
  });
  await log.close();
  const lines = (await readFile(join(dir, 'driver.log'), 'utf8')).trim().split('\n');
  await rm(dir, { recursive: true });
  const entries = lines.map((line) => JSON.parse(line) as { level: string; message: string });
  expect(entries.map(({ level, message }) => [level, message])).toEqual([
    ['info', 'run-started'],
    ['warn', 'warning'],
    ['error', 'task-failed'],
  ]);
});
