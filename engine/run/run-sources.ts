import { readFile } from 'node:fs/promises';
import type { RunRecord } from './journal.ts';
import { runFolder, sourceFile } from './run-folder.ts';

/** The files of a run's study as they were, by absolute path, the study file first; without those that cannot be read. */
export async function readRunSources(
  runsDir: string,
  { run, sources }: Pick<RunRecord, 'run' | 'sources'>,
): Promise<ReadonlyMap<string, string>> {
  const folder = runFolder(runsDir, run);
  const texts = new Map<string, string>();
  for (const [index, { file }] of (sources ?? []).entries()) {
    const text = await readFile(sourceFile(folder, { index, file }), 'utf8').catch(() => undefined);
    if (text !== undefined) texts.set(file, text);
  }
  return texts;
}
