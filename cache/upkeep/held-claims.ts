import type { ClaimOwner } from '../claim-store.ts';
import type { TaskKey } from '../digest.ts';
import { parseClaimName } from '../local/claim-record.ts';
import { namesIn } from '../local/names-in.ts';
import { folderPath } from '../local/store-folder.ts';
import type { Store } from '../store.ts';

/** Claims whose owners are not known to be dead. Throws system errors. */
export async function heldClaims(
  store: Store,
): Promise<readonly { readonly key: TaskKey; readonly owner: ClaimOwner }[]> {
  const names = await namesIn(folderPath(store, 'claims'));
  const held: { readonly key: TaskKey; readonly owner: ClaimOwner }[] = [];
  for (const key of new Set(names.flatMap((name) => parseClaimName(name)?.key ?? []))) {
    const owner = await store.claims.owner(key);
    if (owner !== undefined) held.push({ key, owner });
  }
  return held;
}
