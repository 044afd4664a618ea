import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { aliveBytes, withinTime } from '../../../cache/remotes/time-limit.ts';

it('a remote is not given up for a time in which this process stood still', async () => {
  const { signal } = new AbortController();
  const answer = await withinTime({ timeoutMs: 200, signals: [signal] }, async ({ onBytes }) => {
    // As when it is stopped: what comes meanwhile is read a turn or two of the event loop afterwards.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    onBytes(aliveBytes);
    return 'answered';
  });
  expect(answer).toBe('answered');
});

it('a remote from which next to nothing comes is given up, and told to stop', async () => {
  const { signal } = new AbortController();
  let told: AbortSignal | undefined;
  const answer = await withinTime({ timeoutMs: 20, signals: [signal] }, (call) => {
    told = call.signal;
    call.onBytes(aliveBytes - 1);
    return new Promise<never>(() => undefined);
  });
  expect(answer).toMatchObject({ reason: 'timeout', detail: 'gave no sign of life for 0.02 s' });
  expect(told?.aborted).toBe(true);
});
