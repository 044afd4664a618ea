// Reads a blob through a store with a server behind it: `fetch-slowly.ts STORE URL DIGEST`. For whoever kills it meanwhile.
import { parseDigest } from '../../../cache/digest.ts';
import { openStore } from '../../../cache/open-store.ts';
import { tieredStore } from '../../../cache/remotes/tiered-store.ts';

const [dir = '', url = '', digest = ''] = process.argv.slice(2);
const opened = await openStore({ dir });
if (opened.kind !== 'opened') throw new Error(opened.kind);
const store = tieredStore({
  local: opened.store,
  settings: [{ name: 'team', place: { kind: 'http', url }, pull: true, push: false, timeoutMs: 600_000 }],
  env: {},
  onTrouble: (message) => process.stderr.write(`${message}\n`),
});
await store.blobs.read(parseDigest(digest)!);
