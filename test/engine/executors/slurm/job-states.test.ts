import { describe, expect, it } from 'vitest';
import { failureOfEnd, stageOf } from '../../../../engine/executors/slurm/job-states.ts';
import type { JobEnd } from '../../../../engine/executors/slurm/job-states.ts';

const end: JobEnd = {
  ...{ id: '7_0', state: 'COMPLETED', reason: 'None', wasStopped: false, saved: false },
  ...{ peakBytes: 5, lastWords: '', ranMs: 60_000 },
};

describe('the state of a job', () => {
  it('says how far it is, and one of a later version counts as running', () => {
    expect(['PENDING', 'REQUEUED', 'REQUEUE_HOLD'].map(stageOf)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(['RUNNING', 'COMPLETING', 'SUSPENDED', 'DREAMING'].map(stageOf)).toEqual(
      Array<string>(4).fill('running'),
    );
    const ended = ['COMPLETED', 'FAILED', 'PREEMPTED', 'NODE_FAIL', 'TIMEOUT', 'OUT_OF_MEMORY', 'CANCELLED'];
    expect(new Set(ended.map(stageOf))).toEqual(new Set(['ended']));
  });

  it.each([
    ['PREEMPTED', 'lost'],
    ['NODE_FAIL', 'lost'],
    ['BOOT_FAIL', 'lost'],
    ['OUT_OF_MEMORY', 'out-of-memory'],
    ['CANCELLED', 'task'],
    ['TIMEOUT', 'timeout'],
    ['DEADLINE', 'timeout'],
    ['FAILED', 'lost'],
    ['COMPLETED', 'lost'],
    [undefined, 'lost'],
  ])('%s without a result is a failure of class %s', (state, expected) => {
    expect(failureOfEnd({ ...end, state }).class).toBe(expected);
  });

  it('is no failure of the task where a snapshot was saved ahead of the time limit', () => {
    expect(failureOfEnd({ ...end, state: 'TIMEOUT', saved: true }).class).toBe('stopped');
    expect(failureOfEnd({ ...end, state: 'FAILED', wasStopped: true, saved: true }).class).toBe('stopped');
    expect(failureOfEnd({ ...end, state: 'FAILED', wasStopped: true }).class).toBe('timeout');
  });

  it('comes with what the worker last wrote', () => {
    const failure = failureOfEnd({ ...end, state: 'FAILED', lastWords: 'node: not found' });
    expect(failure.message).toContain('node: not found');
  });

  it('names what its node has to see where its worker never said a word', () => {
    const silent = {
      ...end,
      state: 'FAILED',
      reason: 'JobLaunchFailure',
      unheardIn: '/shared/store/runs/r/slurm/1',
    };
    expect(failureOfEnd(silent).message).toContain('has to see /shared/store/runs/r/slurm/1');
    expect(failureOfEnd({ ...silent, lastWords: 'node: not found' }).message).toContain('node: not found');
  });
});
