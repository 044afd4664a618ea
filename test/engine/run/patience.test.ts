import { describe, expect, it } from 'vitest';
import { dueSignal, overdue } from '../../../engine/run/patience.ts';
import { hasRoomFor } from '../../../engine/run/room.ts';

const limits = { nowMs: 1_000, timeoutMs: undefined, stallMs: 100 };

describe('a task', () => {
  it.each([
    [
      'goes on while its worker is heard of',
      { startedMs: 0, progressMs: undefined, lastMs: 950 },
      {},
      undefined,
    ],
    ['stalls with its worker', { startedMs: 0, progressMs: undefined, lastMs: 800 }, {}, 'stall'],
    ['stalls when it reports no more', { startedMs: 0, progressMs: 800, lastMs: 999 }, {}, 'stall'],
    ['is timed', { startedMs: 0, progressMs: 999, lastMs: 999 }, { timeoutMs: 900 }, 'timeout'],
    [
      'is timed from its own start',
      { startedMs: 500, progressMs: 999, lastMs: 999 },
      { timeoutMs: 900 },
      undefined,
    ],
    [
      'is not timed before',
      { startedMs: undefined, progressMs: undefined, lastMs: 999 },
      { timeoutMs: 1 },
      undefined,
    ],
  ])('%s', (_, signs, more, expected) => {
    expect(overdue(signs, { ...limits, ...more })?.kind).toBe(expected);
  });
});

it('presses harder with time, each signal once', () => {
  const patience = { stallMs: 0, stopGraceMs: 60_000, killGraceMs: 10_000 };
  const stopping = { reason: { kind: 'stopped' } as const, sinceMs: 0, isDeaf: false };
  expect(dueSignal({ ...stopping, stage: 'asked' }, 60_000, patience)).toBeUndefined();
  expect(dueSignal({ ...stopping, stage: 'asked' }, 60_001, patience)).toBe('SIGTERM');
  expect(dueSignal({ ...stopping, stage: 'SIGTERM' }, 60_001, patience)).toBeUndefined();
  expect(dueSignal({ ...stopping, stage: 'SIGTERM' }, 70_001, patience)).toBe('SIGKILL');
  expect(dueSignal({ ...stopping, stage: 'SIGKILL' }, 99_999, patience)).toBeUndefined();
  expect(dueSignal({ ...stopping, reason: undefined, stage: 'asked' }, 5_001, patience)).toBe('SIGTERM');
  // Who hears nothing has nothing to save either.
  expect(dueSignal({ ...stopping, isDeaf: true, stage: 'asked' }, 1, patience)).toBe('SIGTERM');
  expect(dueSignal({ ...stopping, isDeaf: true, stage: 'SIGTERM' }, 10_001, patience)).toBe('SIGKILL');
});

it('lets light tasks share the cores, and any task run alone', () => {
  const light = { slots: 0, cpu: 2 };
  expect(hasRoomFor({ slots: 0, cpu: 64 }, [], 4)).toBe(true);
  expect(hasRoomFor(light, [light], 4)).toBe(true);
  expect(hasRoomFor(light, [light, light], 4)).toBe(false);
  expect(hasRoomFor(light, [{ slots: 1 }], 1)).toBe(true);
  expect(hasRoomFor({ slots: 0, memoryBytes: 1e15 }, [{ slots: 1, memoryBytes: 1 }], 4)).toBe(false);
});
