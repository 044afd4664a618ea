import { expect, it } from 'vitest';
import { isWorthSyncing } from '../../../engine/worker/worth-syncing.ts';

it.each([
  { passedMs: 20, resumed: false, worth: false },
  { passedMs: 1_500, resumed: false, worth: true },
  // Hours in earlier attempts, and the last epoch in this one.
  { passedMs: 20, resumed: true, worth: true },
])('a result after $passedMs ms, resumed: $resumed', ({ worth, ...attempt }) => {
  expect(isWorthSyncing(attempt)).toBe(worth);
});
