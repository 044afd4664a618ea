import type { Digest } from '../../digest.ts';
import { folderPath } from '../../local/store-folder.ts';
import type { Store } from '../../store.ts';
import { readPins } from '../pins.ts';
import type { Checked } from './checked.ts';

/** Every pin, and that what it keeps is there. */
export async function* checkPins(store: Store): AsyncGenerator<Checked> {
  const { pins, damaged } = await readPins(store);
  for (const path of damaged) {
    const wayOut = 'nothing is collected while it lies there: remove it, or pin again what it kept';
    yield { what: 'pin', bytes: 0, finding: { path, problem: 'cannot be read', wayOut } };
  }
  for (const { name, digests } of pins) {
    const missing: Digest[] = [];
    for (const digest of digests) if (!(await isThere(store, digest))) missing.push(digest);
    if (missing.length === 0) yield { what: 'pin', bytes: 0 };
    else {
      const path = `${folderPath(store, 'pins')}/${name}`;
      const problem = `keeps ${missing.length} of ${digests.length} that are not (all) there: ${missing.join(', ')}`;
      const wayOut = 'run the study that made them, then pin it again';
      yield { what: 'pin', bytes: 0, finding: { path, problem, wayOut } };
    }
  }
}

async function isThere({ artifacts }: Store, digest: Digest): Promise<boolean> {
  const found = await artifacts.manifest(digest);
  return found.kind === 'not-a-manifest' || (found.kind === 'found' && (await artifacts.isComplete(digest)));
}
