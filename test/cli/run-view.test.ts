import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseTaskKey } from '../../cache/digest.ts';
import { eventLine } from '../../cli/progress/event-line.ts';
import { afterEvent, emptyView, settled } from '../../cli/progress/run-view.ts';
import { renderView } from '../../cli/progress/terminal.ts';
import { taskId } from '../../engine/plan/plan.ts';
import type { RunEvent } from '../../engine/run/events.ts';

const at = '2030-01-01T00:00:00.000Z';
const key = parseTaskKey('a'.repeat(64))!;
const dense = taskId('dense@seed=0');
const boxes = taskId('boxes@pool=1');
const started: RunEvent[] = [
  { kind: 'run-started', at, run: 'r1', study: 'tiny', tasks: 4, slots: ['cpu:0', 'cpu:1'] },
  { kind: 'task-cached', at, task: taskId('a'), key, outputs: {} },
  { kind: 'task-started', at, task: dense, key, attempt: 1, slot: 'cpu:0', pid: 7, resumed: true },
  {
    kind: 'task-progress',
    at,
    task: dense,
    progress: { done: 3, of: 8, unit: 'epochs', detail: 'loss 1.20' },
  },
];
const plain = stripVTControlCharacters;

describe('a run seen through its events', () => {
  it('shows what runs, how far it is, and what is left', () => {
    const view = started.reduce(afterEvent, emptyView);
    const picture = plain(
      renderView(view, {
        nowMs: Date.parse(at) + 5000,
        startedMs: Date.parse(at),
        leftMs: 65_000,
        columns: 100,
      }),
    );
    expect(picture.split('\n')).toEqual([
      expect.stringMatching(/^tiny ━+─+ 1\/4 {2}1 cached$/),
      '5.0 s, about 1 min 05 s left',
      '  cpu:0       5.0 s  dense@seed=0 (resumed) 3/8 epochs · loss 1.20',
    ]);
  });

  it('says nothing of the time left where nothing is known', () => {
    const picture = plain(renderView(emptyView, { nowMs: 10, startedMs: 0, leftMs: undefined, columns: 80 }));
    expect(picture).not.toContain('left');
  });

  it('counts a retried failure once it is final only', () => {
    const failure = { class: 'lost', message: 'the worker was killed', signal: 'SIGKILL' } as const;
    const retried = afterEvent(started.reduce(afterEvent, emptyView), {
      kind: 'task-failed',
      at,
      task: dense,
      attempt: 1,
      failure,
      willRetry: true,
    });
    expect([retried.failures.length, retried.running.size, settled(retried)]).toEqual([0, 0, 1]);
    const final = [
      { kind: 'task-failed', at, task: dense, attempt: 2, failure, willRetry: false },
      { kind: 'task-blocked', at, task: boxes, by: dense },
    ] satisfies RunEvent[];
    expect(settled(final.reduce(afterEvent, retried))).toBe(3);
  });

  it('clips rows to the width of the terminal', () => {
    const view = started.reduce(afterEvent, emptyView);
    const rows = plain(
      renderView(view, { nowMs: Date.parse(at), startedMs: Date.parse(at), leftMs: undefined, columns: 40 }),
    ).split('\n');
    expect(rows.at(-1)!.length).toBeLessThan(40);
  });
});

describe('lines for a pipe', () => {
  it('names the class of a failure and whether it is tried again', () => {
    const failure = { class: 'timeout', message: 'took too long', afterMs: 90_000 } as const;
    expect(eventLine({ kind: 'task-failed', at, task: dense, attempt: 1, failure, willRetry: true })).toBe(
      'failed   dense@seed=0: timeout after 1 min 30 s: took too long; trying again',
    );
  });

  it('leaves out what would be noise', () => {
    expect(eventLine(started[3]!)).toBeUndefined();
  });
});
