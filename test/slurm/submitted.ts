import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openLine } from '../../engine/run/sealed-line.ts';

/** What the runs of a workspace have submitted. */
export interface Submitted {
  /** Names of the jobs, one a run. */
  readonly names: readonly string[];
  /** Keys of tasks, each as often as it was submitted. */
  readonly keys: readonly string[];
  /** How many jobs that were: elements of arrays. */
  readonly jobs: number;
  /** By key, the jobs in which it was begun, as the runs' events tell. */
  readonly begunIn: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Line {
  readonly kind?: string;
  readonly keys?: readonly string[];
  /** How many keys each job has; absent where it is one each. */
  readonly sizes?: readonly number[];
}

interface Event {
  readonly kind?: string;
  readonly key?: string;
  readonly slot?: string;
}

async function eventsIn(runDir: string): Promise<readonly Event[]> {
  const text = await readFile(join(runDir, 'events.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const event = openLine(line) as Event | undefined;
    return event === undefined ? [] : [event];
  });
}

export async function submittedIn(dir: string): Promise<Submitted> {
  const runsDir = join(dir, '.sweetspot', 'runs');
  const runs = await readdir(runsDir);
  const keys: string[] = [];
  const begunIn = new Map<string, Set<string>>();
  let jobs = 0;
  for (const run of runs) {
    const book = await readFile(join(runsDir, run, 'slurm', 'book.jsonl'), 'utf8').catch(() => '');
    for (const { kind, key, slot } of await eventsIn(join(runsDir, run))) {
      if (kind !== 'task-started' || key === undefined || slot?.startsWith('slurm:') !== true) continue;
      begunIn.set(key, new Set([...(begunIn.get(key) ?? []), slot]));
    }
    for (const text of book.split('\n')) {
      const line = openLine(text) as Line | undefined;
      if (line?.kind !== 'submitting' || line.keys === undefined) continue;
      keys.push(...line.keys);
      jobs += (line.sizes ?? line.keys).length;
    }
  }
  return { names: runs.map((run) => `sweetspot-${run}`), keys, jobs, begunIn };
}
