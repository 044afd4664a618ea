import { readFile, stat } from 'node:fs/promises';
import type { ActionResult } from '../../cache/action-store.ts';
import type { TaskKey } from '../../cache/digest.ts';
import { parseEvents, runNames } from './journal.ts';
import { linesWith } from './lines-with.ts';
import { runFolder } from './run-folder.ts';
import { timeOf } from './run-id.ts';

/** How many journals are read, and how many bytes of them: what was made longer ago was made by somebody unknown. */
const mostJournals = 50;
const mostBytes = 200_000_000;

/**
 * The run that computed each result, as far as the store's journals tell: one that says so, and within which the result was
 * begun. Where clocks disagree, the first of those that computed it: later ones only made its bytes again. Each journal
 * is read once at most, from the newest to the oldest, and none of a run that began after all of the results.
 */
export async function findMakers(
  runsDir: string,
  results: Iterable<Pick<ActionResult, 'key' | 'provenance'>>,
): Promise<ReadonlyMap<TaskKey, string>> {
  const open = new Map<TaskKey, number>();
  for (const { key, provenance } of results) open.set(key, Date.parse(provenance.startedAt));
  const makers = new Map<TaskKey, string>();
  const left = { journals: mostJournals, bytes: mostBytes };
  for (const run of open.size === 0 ? [] : await runNames(runsDir)) {
    const beganMs = timeOf(run) ?? -Infinity;
    if (![...open.values()].some((startedMs) => beganMs <= startedMs)) continue;
    const text = await journalOf(runsDir, run, left);
    for (const event of parseEvents(linesWith(text, '"task-done"'))) {
      if (event.kind !== 'task-done') continue;
      const startedMs = open.get(event.key);
      if (startedMs === undefined) continue;
      makers.set(event.key, run);
      if (beganMs <= startedMs && startedMs <= Date.parse(event.at)) open.delete(event.key);
    }
    if (open.size === 0 || left.journals <= 0 || left.bytes <= 0) break;
  }
  return makers;
}

/** Empty where it cannot be read, or is more than there is patience for. */
async function journalOf(
  runsDir: string,
  run: string,
  left: { journals: number; bytes: number },
): Promise<string> {
  const { eventsFile } = runFolder(runsDir, run);
  try {
    const { size } = await stat(eventsFile);
    left.journals -= 1;
    left.bytes -= size;
    return left.bytes < 0 ? '' : await readFile(eventsFile, 'utf8');
  } catch {
    // A folder that is no run's, or one whose driver died at once.
    return '';
  }
}
