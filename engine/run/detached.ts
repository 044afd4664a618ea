import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { share } from '../../cache/local/store-folder.ts';
import type { ClusterJobName } from '../../cache/process-identity.ts';
import type { Store } from '../../cache/store.ts';
import { runFolder } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';

/** A run whose driver was put into a job of a cluster, as that driver knows it. */
export interface Detached {
  /** The run as it was announced, with a folder of its own. */
  readonly run: string;
  /** The job that the driver works in. */
  readonly job: ClusterJobName | undefined;
}

/** Whether nobody has driven the run yet: a job that is begun anew has to record another. */
export function isFresh(folder: RunFolder): boolean {
  return existsSync(folder.dir) && !existsSync(folder.eventsFile);
}

/** The run that goes on in its place; undefined where there is none. */
export async function resumedBy(folder: RunFolder): Promise<string | undefined> {
  const text = await readFile(resumedFile(folder), 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

/** Notes with the last of the runs that the job has driven so far that this one goes on in its place. Throws system errors. */
export async function noteResumed(store: Store, { run }: Detached, now: string): Promise<void> {
  let last = run;
  for (let next: string | undefined = run; next !== undefined && next !== now;) {
    last = next;
    next = await resumedBy(runFolder(store.runsDir, last));
  }
  const file = resumedFile(runFolder(store.runsDir, last));
  await writeFile(file, `${now}\n`);
  await share(file, store, 0o644);
}

function resumedFile({ dir }: RunFolder): string {
  return join(dir, 'resumed-by');
}
