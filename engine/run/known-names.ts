import type { Store } from '../../cache/store.ts';
import { listRuns, readRun } from './journal.ts';

/** How many runs back names are looked for. */
const runsRead = 20;

/** Digest or key -> what people know it by, as the last runs recorded it: an output of a task, a data set, a task. */
export async function knownNames(store: Store): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const { run } of (await listRuns(store.runsDir)).slice(0, runsRead)) {
    const reading = await readRun(store.runsDir, run);
    for (const event of reading?.events ?? []) {
      if (event.kind === 'data-indexed') {
        const part = event.part === undefined ? '' : `, ${event.part}`;
        remember(names, event.digest, `data ${event.data}${part}`);
      } else if (event.kind === 'task-keyed') {
        remember(names, event.key, event.task);
      } else if (event.kind === 'task-done' || event.kind === 'task-cached') {
        remember(names, event.key, event.task);
        for (const [output, digest] of Object.entries(event.outputs)) {
          remember(names, digest, `${event.task}.${output}`);
        }
      }
    }
  }
  return names;
}

/** The latest name stands. */
function remember(names: Map<string, string>, digest: string, name: string): void {
  if (!names.has(digest)) names.set(digest, name);
}
