import { readFile } from 'node:fs/promises';
import { digestOf } from '../../cache/digest.ts';
import type { RunRecord } from './journal.ts';

/** A file of a study that no longer is what a run of it was made of. */
export interface ChangedSource {
  readonly file: string;
  readonly now: 'changed' | 'gone';
}

/** A run goes on with the study as it was read; this is what has happened to its files since. */
export async function changedSources({ sources = [] }: RunRecord): Promise<readonly ChangedSource[]> {
  const changed: ChangedSource[] = [];
  for (const { file, sha256 } of sources) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) changed.push({ file, now: 'gone' });
    else if (digestOf(text) !== sha256) changed.push({ file, now: 'changed' });
  }
  return changed;
}
