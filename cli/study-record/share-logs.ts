import type { ActionResult } from '../../cache/action-store.ts';
import type { BlobStore } from '../../cache/blob-store.ts';
import type { Digest } from '../../cache/digest.ts';
import { logTail } from './log-tail.ts';
import type { Machine } from './without-places.ts';

/** All that a page may hold of logs, and how many are looked at for it. */
const mostCharacters = 2_000_000;
const mostLogs = 1_000;
const atOnce = 32;

/**
 * The ends of the logs of some results, by the log's digest. Where there is not room for all, the tasks that computed longest
 * come first: trainings before evaluations, and what only copies last.
 */
export async function shareLogs(
  blobs: Pick<BlobStore, 'read'>,
  results: Iterable<ActionResult>,
  machine: Machine,
): Promise<ReadonlyMap<Digest, string>> {
  const byLength = [...results].sort((a, b) => b.provenance.durationMs - a.provenance.durationMs);
  const logs = [...new Set(byLength.flatMap(({ provenance: { log } }) => (log === undefined ? [] : [log])))];
  const tails = new Map<Digest, string>();
  let left = mostCharacters;
  for (let at = 0; at < Math.min(logs.length, mostLogs); at += atOnce) {
    const some = logs.slice(at, Math.min(at + atOnce, mostLogs));
    const read = await Promise.all(some.map((log) => blobs.read(log)));
    for (const [index, log] of some.entries()) {
      const blob = read[index];
      const tail =
        blob?.kind === 'found' ? logTail(new TextDecoder().decode(blob.bytes), machine) : undefined;
      if (tail === undefined) continue;
      if (tail.length > left) return tails;
      left -= tail.length;
      tails.set(log, tail);
    }
  }
  return tails;
}
