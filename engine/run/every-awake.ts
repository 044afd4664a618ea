import type { Clock } from '../../cache/clock.ts';

/**
 * Calls `action` every `periodMs`, to judge the silence of others; not at once, though, where this process itself has stood still, stopped by
 * Ctrl-Z or starved: what they have said meanwhile is read first. Never left out twice in a row, however slow the machine.
 */
export function everyAwake(clock: Clock, periodMs: number, action: () => void): Disposable {
  let lastMs = clock.monotonicMs();
  let isLeftOut = false;
  return clock.every(periodMs, () => {
    const nowMs = clock.monotonicMs();
    const stoodStill = nowMs - lastMs > 2 * periodMs;
    lastMs = nowMs;
    isLeftOut = stoodStill && !isLeftOut;
    if (!isLeftOut) action();
  });
}
