import { readRunAbout, runNames } from './journal.ts';

export type FoundRun =
  | { readonly kind: 'found'; readonly run: string }
  /** No run is recorded at all. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  /** Several runs begin (or end) so; the newest first. */
  | { readonly kind: 'ambiguous'; readonly runs: readonly string[] };

/**
 * The run that somebody means by `last`, its name, the name of a study (its newest run), or how its name begins or ends, where
 * that is true of one run alone.
 */
export async function findRun(runsDir: string, said: string): Promise<FoundRun> {
  const names = await runNames(runsDir);
  const isRun = async (name: string): Promise<boolean> => (await readRunAbout(runsDir, name)) !== undefined;
  if (said === 'last') {
    for (const name of names) if (await isRun(name)) return { kind: 'found', run: name };
    return { kind: 'none' };
  }
  if (names.includes(said) && (await isRun(said))) return { kind: 'found', run: said };
  if (said === '') return { kind: 'unknown' };
  for (const name of names)
    if ((await readRunAbout(runsDir, name))?.study === said) return { kind: 'found', run: name };
  for (const fits of [
    (name: string) => name.startsWith(said),
    // The last digits alone tell runs apart, and are what one remembers.
    (name: string) => name.endsWith(said),
  ]) {
    const runs: string[] = [];
    for (const name of names) if (fits(name) && (await isRun(name))) runs.push(name);
    const [only, ...others] = runs;
    if (only !== undefined)
      return others.length === 0 ? { kind: 'found', run: only } : { kind: 'ambiguous', runs };
  }
  return names.length === 0 ? { kind: 'none' } : { kind: 'unknown' };
}
