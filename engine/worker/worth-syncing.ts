/**
 * What took less time than this is not synced: a power cut that takes it costs that time again, and all syncs of a short task
 * take longer than the task. See docs/decisions/0013-what-is-synced-when.md.
 */
const cheapMs = 1_000;

/**
 * Whether a power cut must not take a result. One that was resumed from a snapshot may stand for hours before this attempt,
 * and its snapshots go when it stands.
 */
export function isWorthSyncing(attempt: { readonly passedMs: number; readonly resumed: boolean }): boolean {
  return attempt.resumed || attempt.passedMs > cheapMs;
}
