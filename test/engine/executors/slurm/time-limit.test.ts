import { describe, expect, it } from 'vitest';
import { afterEnd } from '../../../../engine/executors/slurm/after-end.ts';
import { parseTimes } from '../../../../engine/executors/slurm/parse-times.ts';
import { untried } from '../../../../engine/executors/slurm/pending.ts';
import type { Pending } from '../../../../engine/executors/slurm/pending.ts';
import type { QueuedElement } from '../../../../engine/executors/slurm/queued-element.ts';
import { timeLimitOf } from '../../../../engine/executors/slurm/time-limit.ts';

const minute = 60_000;

function item(timeoutMs?: number, longer = 0): Pending {
  return { task: { timeoutMs }, tried: { ...untried, longer } } as Pending;
}

function limit(
  items: readonly Pending[],
  { longestMs, longestMinutes }: { readonly longestMs?: number; readonly longestMinutes?: number } = {},
): { readonly minutes: number | undefined; readonly isGuessed: boolean } {
  const time = longestMs === undefined ? undefined : { usualMs: 1, longestMs };
  return timeLimitOf(items, { timeOf: () => time, longestMinutes });
}

describe('how long a job may run, where the configuration does not say', () => {
  it("is the study's timeouts, with time to begin and to end", () => {
    expect(limit([item(30 * minute), item(20 * minute)])).toEqual({ minutes: 60, isGuessed: false });
    expect(limit([item(30 * minute)], { longestMinutes: 20 })).toEqual({ minutes: 20, isGuessed: false });
  });

  it('is well above the longest that like tasks took, in few steps', () => {
    expect(limit([item()], { longestMs: 10 })).toEqual({ minutes: 15, isGuessed: true });
    expect(limit([item()], { longestMs: 10 * minute })).toEqual({ minutes: 60, isGuessed: true });
    expect(limit([item()], { longestMs: 11 * minute })).toEqual({ minutes: 60, isGuessed: true });
    expect(limit([item(), item()], { longestMs: 11 * minute })).toEqual({ minutes: 120, isGuessed: true });
  });

  it('is left to the cluster for what was never measured, and after two guesses that were too short', () => {
    expect(limit([item(5 * minute), item()])).toEqual({ minutes: undefined, isGuessed: false });
    const known = { longestMs: 10 };
    expect(limit([item(undefined, 1)], known)).toEqual({ minutes: 60, isGuessed: true });
    expect(limit([item(undefined, 2)], known)).toEqual({ minutes: undefined, isGuessed: false });
  });

  it('is no guess where it is all that the partition allows', () => {
    const most = { longestMs: 60 * minute, longestMinutes: 100 };
    expect(limit([item()], most)).toEqual({ minutes: 100, isGuessed: false });
  });
});

describe('what partitions allow', () => {
  it('is read in minutes, the usual one also under the empty name', () => {
    const listed = 'main*|1-02:03:04\ngpu|2:00:00\nshort|30:00\nlong|infinite\nodd|n/a\nnoise\n';
    expect([...parseTimes(listed)]).toEqual([
      ['main', 1563],
      ['', 1563],
      ['gpu', 120],
      ['short', 30],
    ]);
  });
});

describe('after the end of a job', () => {
  const end = {
    ...{ id: '7_0', state: 'TIMEOUT', reason: 'None', wasStopped: false, saved: false },
    ...{ peakBytes: 5, lastWords: '', ranMs: 60_000 },
  };
  const files = { dir: '', script: '', output: '' };
  const element: QueuedElement = {
    ...{ id: '7_0', name: 's', index: 0, parts: 3, followers: 0, files },
    ...{ isGuessed: false, isEndedByUs: false },
    driver: 'us',
  };
  const how = (changes: {
    readonly end?: Partial<typeof end>;
    readonly element?: Partial<typeof element>;
    readonly part?: number;
    readonly hasBegun?: boolean;
  }): string => {
    const { part = 0, hasBegun = true } = changes;
    const own = { ...element, ...changes.element };
    const after = afterEnd({ ...end, ...changes.end }, { element: own, part, hasBegun });
    return after.kind === 'again' ? after.how : after.failure.class;
  };

  it('a limit that was guessed is made longer, one that was shared is had alone, another is a failure', () => {
    expect(how({ element: { isGuessed: true } })).toBe('longer');
    expect(how({ part: 1 })).toBe('alone');
    expect(how({ part: 0 })).toBe('timeout');
    expect(how({ part: 1, end: { state: 'FAILED', wasStopped: true } })).toBe('alone');
  });

  it('a task that it never came to is submitted again, unless somebody has cancelled the job', () => {
    const never = { hasBegun: false, part: 2 };
    expect(how(never)).toBe('same');
    expect(how({ ...never, end: { state: 'NODE_FAIL' } })).toBe('same');
    expect(how({ ...never, end: { state: 'CANCELLED' } })).toBe('task');
    expect(how({ ...never, end: { state: 'CANCELLED' }, element: { isEndedByUs: true } })).toBe('same');
    expect(how({ ...never, end: { state: 'NODE_FAIL' }, element: { parts: 1 } })).toBe('lost');
    expect(how({ end: { state: 'CANCELLED' } })).toBe('task');
    expect(how({ end: { state: 'CANCELLED' }, element: { driver: 'another' } })).toBe('same');
  });
});
