import { attemptsOf, readTaskLog } from '../../engine/run/task-log.ts';
import { recordedRun } from '../recorded-run.ts';
import type { RunWatch } from './run-watch.ts';

/** What a task of the run said, by its exact address; undefined where it said nothing or there is none of that name. */
export async function taskLog({ store, run }: RunWatch, address: string): Promise<string | undefined> {
  const recorded = await recordedRun(store, run);
  const task = recorded?.tasks.get(address);
  if (recorded === undefined || task === undefined) return undefined;
  const attempt = attemptsOf(recorded.events, address).at(-1);
  return (await readTaskLog({ store, run, task, attempt }))?.text;
}
