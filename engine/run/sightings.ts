import { readFile } from 'node:fs/promises';
import { parseEvents, runNames } from './journal.ts';
import { linesWith } from './lines-with.ts';
import { runFolder } from './run-folder.ts';

/** What a run recorded of a key or a digest. */
export interface Sighting {
  readonly run: string;
  readonly task: string;
  readonly how: 'computed' | 'cached' | 'failed' | 'running';
  /** Of an artifact's digest: which output it is. */
  readonly output: string | undefined;
}

/** How many runs are gone back through. */
const mostRuns = 50;

/**
 * Where the last runs met a key or an artifact, the newest first, once for each task of a run. Only lines that hold the
 * digest are parsed: a run of 10,000 tasks costs a few milliseconds.
 */
export async function findSightings(runsDir: string, digest: string): Promise<readonly Sighting[]> {
  const sightings: Sighting[] = [];
  for (const run of (await runNames(runsDir)).slice(0, mostRuns)) {
    const text = await readFile(runFolder(runsDir, run).eventsFile, 'utf8').catch(() => '');
    const found = new Map<string, Sighting>();
    for (const event of parseEvents(linesWith(text, digest))) {
      switch (event.kind) {
        case 'task-started':
          found.set(event.task, { run, task: event.task, how: 'running', output: undefined });
          break;
        case 'task-cached':
        case 'task-done': {
          const how = event.kind === 'task-done' ? 'computed' : 'cached';
          const output = Object.entries(event.outputs).find(([, made]) => made === digest)?.[0];
          found.set(event.task, { run, task: event.task, how, output });
          break;
        }
        default:
      }
    }
    // A failure names no key: it is that of the task's last beginning.
    const began = [...found.values()].filter(({ how }) => how === 'running');
    for (const sighting of began) {
      const failed = parseEvents(linesWith(text, '"task-failed"')).some(
        (event) => event.kind === 'task-failed' && event.task === sighting.task && !event.willRetry,
      );
      if (failed) found.set(sighting.task, { ...sighting, how: 'failed' });
    }
    sightings.push(...found.values());
  }
  return sightings;
}
