import { describe, expect, it } from 'vitest';
import type { ResultRecord, StudyRecord } from '../../../engine/contract/study-record.ts';
import { summarise, unitsOf } from '../../../tasks/report/dress/summary.ts';
import { durationText, hoursText, momentText } from '../../../tasks/report/page/times.ts';
import { largeRecord } from './fake-record.ts';

const base = largeRecord(4);

function withResults(changes: readonly (Partial<ResultRecord> | undefined)[]): StudyRecord {
  return {
    ...base,
    tasks: base.tasks.map((task, i) => {
      const name = i < 3 ? 'a' : 'b';
      const change = changes[i];
      return { ...task, name, result: change === undefined ? undefined : { ...task.result!, ...change } };
    }),
  };
}

const hour = 3_600_000;

describe('a record in sums', () => {
  const summary = summarise(
    withResults([
      {
        durationMs: hour,
        startedAt: '2030-01-01T10:00:00.000Z',
        deviceClass: 'gpu-h100',
        madeBy: { kind: 'this-run' },
      },
      {
        durationMs: 3 * hour,
        startedAt: '2030-01-01T08:00:00.000Z',
        deviceClass: 'cpu-t4',
        madeBy: { kind: 'unknown' },
      },
      undefined,
      {
        durationMs: 2 * hour,
        startedAt: '2030-01-01T11:30:00.000Z',
        deviceClass: 'gpu-h100',
        madeBy: { kind: 'run', run: 'r1' },
      },
    ]),
  );

  it('adds up by task, device and maker', () => {
    expect(summary.byTask).toEqual([
      {
        ...{ name: 'a', kind: 'evaluate', instances: 3, done: 2, fresh: 1 },
        ...{ totalMs: 4 * hour, medianMs: hour, devices: ['gpu-h100', 'cpu-t4'] },
      },
      {
        ...{ name: 'b', kind: 'evaluate', instances: 1, done: 1, fresh: 0 },
        ...{ totalMs: 2 * hour, medianMs: 2 * hour, devices: ['gpu-h100'] },
      },
    ]);
    expect(summary.devices.map(({ deviceClass, totalMs }) => [deviceClass, totalMs])).toEqual([
      ['gpu-h100', 3 * hour],
      ['cpu-t4', 3 * hour],
    ]);
    expect(summary.madeBy.map(({ maker, results }) => [maker, results])).toEqual([
      ['this-run', 1],
      [{ run: 'r1' }, 1],
      ['unknown', 1],
    ]);
    expect([summary.results, summary.missing, summary.reusedMs]).toEqual([3, 1, 5 * hour]);
  });

  it('keeps apart what came by way of remotes and of archives, whoever computed it', () => {
    const { madeBy } = summarise(
      withResults([
        { madeBy: { kind: 'archive', archive: 'a.tar', run: 'r1', member: 'ada' } },
        { madeBy: { kind: 'archive', archive: 'a.tar', run: 'r2' } },
        { madeBy: { kind: 'remote', remote: 'team', run: 'r1' } },
        { madeBy: { kind: 'run', run: 'r1', member: 'ada' } },
      ]),
    );
    expect(madeBy.map(({ maker, results }) => [maker, results])).toEqual([
      [{ run: 'r1', member: 'ada' }, 1],
      [{ archive: 'a.tar' }, 2],
      [{ remote: 'team' }, 1],
    ]);
  });

  it('spans from the first start to the last end', () => {
    expect(summary.span).toEqual({ from: '2030-01-01T08:00:00.000Z', to: '2030-01-01T13:30:00.000Z' });
    expect(summarise(withResults([])).span).toBeUndefined();
  });

  it('counts the threads of a processor, and a GPU once', () => {
    expect(['cpu-t4', 'cpu-t1', 'gpu-h100', 'none', ''].map(unitsOf)).toEqual([4, 1, 1, 1, 1]);
  });

  it('writes times as people read them', () => {
    expect([0, 20, 1000, 83_000, 5 * 60_000, 90 * 60_000, 36 * hour].map(durationText)).toEqual(
      ['0 ms', '20 ms', '1 s', '83 s', '5 min', '90 min', '36 h'].map((text) => text.replace(' ', '\u202f')),
    );
    expect(hoursText(1.25 * hour)).toBe('1.3\u202fh');
    expect(momentText('2030-01-31T14:05:09.000Z')).toBe('2030-01-31 14:05 UTC');
    expect(momentText('soon')).toBe('soon');
  });
});
