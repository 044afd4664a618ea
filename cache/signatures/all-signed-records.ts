import { readFileSync } from 'node:fs';
import type { SignedRecord } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { namesIn } from '../local/names-in.ts';
import { actionPath } from '../local/store-folder.ts';
import type { Store } from '../store.ts';
import { guarded } from '../system-error.ts';

/** Every signed record of a key's result, by fingerprint, whoever has signed it. Not verified. */
export function allSignedRecords(
  { root, below, sharing }: Store,
  key: TaskKey,
): Promise<readonly SignedRecord[] | StoreFailure> {
  return guarded<readonly SignedRecord[] | StoreFailure>(root, async () => {
    const found = new Map<string, string>();
    for (const each of below === undefined ? [root] : [below, root]) {
      const path = actionPath({ root: each, sharing }, key);
      const folder = path.slice(0, path.lastIndexOf('/'));
      for (const name of await namesIn(folder)) {
        const print = name.startsWith(`${key}.`) ? name.slice(key.length + 1) : '';
        if (/^[0-9a-f]{16}$/.test(print)) found.set(print, readFileSync(`${folder}/${name}`, 'utf8'));
      }
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([print, text]) => ({ fingerprint: print, text }));
  });
}
