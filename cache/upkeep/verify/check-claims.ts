import { parseClaimName, readClaim } from '../../local/claim-record.ts';
import { namesIn } from '../../local/names-in.ts';
import { folderPath } from '../../local/store-folder.ts';
import { temporaryPrefix } from '../../local/temporary-file.ts';
import type { StoreFolder } from '../../store.ts';
import type { Checked } from './checked.ts';

/** Every claim. A damaged one stays where it is: its owner may live. */
export async function* checkClaims(folder: StoreFolder): AsyncGenerator<Checked> {
  const claims = folderPath(folder, 'claims');
  for (const name of await namesIn(claims)) {
    if (name.startsWith(temporaryPrefix) || name.endsWith('.beat')) continue;
    const path = `${claims}/${name}`;
    if (parseClaimName(name) === undefined) {
      const finding = { path, problem: 'is no claim', wayOut: 'remove it if it is not yours' };
      yield { what: 'stray file', bytes: 0, finding };
      continue;
    }
    const record = readClaim(path);
    if (record === undefined) continue;
    if (typeof record === 'object') yield { what: 'claim', bytes: 0 };
    else yield { what: 'claim', bytes: 0, finding: { path, ...problems[record] } };
  }
}

const problems = {
  empty: { problem: 'is empty', wayOut: 'it is nobody’s: whoever runs its task takes it over at once' },
  unreadable: {
    problem: 'is damaged, so that nobody knows whose it is',
    wayOut: 'runs wait five minutes for it; remove it if no run is going on anywhere',
  },
} as const;
