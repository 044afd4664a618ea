import { openStore } from '../../../cache/open-store.ts';
import { parseTaskKey } from '../../../cache/digest.ts';

/** Claims a key, says so, and lives on until it is killed. */
async function main(dir: string, keyText: string): Promise<void> {
  const store = await openStore({ dir });
  if (store.kind !== 'opened') throw new Error(JSON.stringify(store));
  const claimed = await store.store.claims.acquire(parseTaskKey(keyText)!);
  if (claimed.kind !== 'acquired') throw new Error(JSON.stringify(claimed));
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
}

await main(process.argv[2]!, process.argv[3]!);
