import { expect, it } from 'vitest';
import { TaskError } from '../../../engine/contract/task-context.ts';
import { failureOf, stoppedFailure } from '../../../engine/worker/failures.ts';

it('calls a killed program out of memory where the kernel has killed for that, and else the task’s own failure', () => {
  const killed = new TaskError('killed', "'sort' was ended by SIGKILL");
  expect(failureOf(killed, { peakBytes: 5e9, kernelRanOutOfMemory: true })).toMatchObject({
    class: 'out-of-memory',
    peakBytes: 5e9,
  });
  expect(failureOf(killed, { peakBytes: 5e9, kernelRanOutOfMemory: false }).class).toBe('task');
  const failed = new TaskError('task', "'sort' exited with code 2");
  expect(failureOf(failed, { peakBytes: 5e9, kernelRanOutOfMemory: true }).class).toBe('task');
});

it('names the limit of memory and what was held', () => {
  const failure = stoppedFailure({ kind: 'out-of-memory', peakBytes: 412e6, limitBytes: 200e6 });
  expect(failure).toMatchObject({ class: 'out-of-memory', peakBytes: 412e6 });
  expect(failure.message).toContain('412 MB, and its resources allow 200 MB');
});
