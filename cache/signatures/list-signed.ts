import { namesIn } from '../local/names-in.ts';
import { folderPath } from '../local/store-folder.ts';
import { parseTaskKey } from '../digest.ts';
import type { TaskKey } from '../digest.ts';
import type { StoreFolder } from '../store.ts';

/** A signed record by its name alone. */
export interface SignedName {
  readonly key: TaskKey;
  readonly fingerprint: string;
  readonly path: string;
}

/** Every signed record of a store, whoever has signed it. Throws system errors. */
export async function* listSigned(folder: StoreFolder): AsyncGenerator<SignedName> {
  const actions = folderPath(folder, 'ac');
  for (const shard of await namesIn(actions)) {
    for (const name of await namesIn(`${actions}/${shard}`)) {
      const [first = '', fingerprint = '', ...rest] = name.split('.');
      const key = parseTaskKey(first);
      if (key === undefined || !/^[0-9a-f]{16}$/.test(fingerprint) || rest.length > 0) continue;
      yield { key, fingerprint, path: `${actions}/${shard}/${name}` };
    }
  }
}
