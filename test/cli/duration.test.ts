import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, plural } from '../../cli/progress/duration.ts';

describe('spans of time', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [7_800_000, '2 h 10 min'],
    [273_600_000, '3 d 4 h'],
  ])('%i ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.50 KiB'],
    [11 * 1024 ** 2, '11.0 MiB'],
    [3 * 1024 ** 4, '3.00 TiB'],
    [5000 * 1024 ** 4, '5000.0 TiB'],
  ])('%i bytes read %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('plural', () => {
  it('leaves one alone', () => {
    expect([plural(0, 'task'), plural(1, 'task'), plural(2, 'task')]).toEqual([
      '0 tasks',
      '1 task',
      '2 tasks',
    ]);
  });
});
