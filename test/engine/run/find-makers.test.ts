import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { TaskKey } from '../../../cache/digest.ts';
import { findMakers } from '../../../engine/run/find-makers.ts';
import { sealLine } from '../../../engine/run/sealed-line.ts';

const key = digestOf('a') as string as TaskKey;
let runsDir: string;

beforeEach(() => {
  runsDir = mkdtempSync(join(tmpdir(), 'sweetspot-makers-'));
  onTestFinished(() => rmSync(runsDir, { recursive: true, force: true }));
});

/** A run that began at that hour and tells of one event a minute later. */
function run(hour: number, kind: 'task-done' | 'task-cached', of: TaskKey = key): string {
  const name = `20260101-${hour}0000-000-aaaa`;
  mkdirSync(join(runsDir, name));
  const event = { kind, at: `2026-01-01T${hour}:01:00.000Z`, task: 'a', key: of, outputs: {} };
  writeFileSync(join(runsDir, name, 'events.jsonl'), `${sealLine(event)}\n`);
  return name;
}

/** Who made what was begun at that time of the day. */
async function maker(time: string): Promise<string | undefined> {
  const provenance = { startedAt: `2026-01-01T${time}.000Z` } as never;
  return (await findMakers(runsDir, [{ key, provenance }])).get(key);
}

describe('who made a result', () => {
  it('is the run within which it was begun, not one that only found it', async () => {
    const made = run(10, 'task-done');
    run(11, 'task-cached');
    expect(await maker('10:00:30')).toBe(made);
  });

  it('is not a later run that made its bytes again, nor an earlier one whose result is gone', async () => {
    run(10, 'task-done');
    const made = run(11, 'task-done');
    run(12, 'task-done');
    expect(await maker('11:00:30')).toBe(made);
  });

  it('is the first that computed it where clocks disagree', async () => {
    const first = run(10, 'task-done');
    run(11, 'task-done');
    expect(await maker('14:00:00')).toBe(first);
  });

  it('is no run that began after it, however many made its bytes again', async () => {
    run(10, 'task-done');
    expect(await maker('09:00:00')).toBeUndefined();
  });

  it('is unknown where no run tells of it', async () => {
    run(10, 'task-cached');
    run(11, 'task-done', digestOf('b') as string as TaskKey);
    expect(await maker('11:30:00')).toBeUndefined();
    expect((await findMakers(join(runsDir, 'none'), [])).size).toBe(0);
  });
});
