import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../../cache/digest.ts';
import { blobPath } from '../../../cache/local/store-folder.ts';
import { directoryRemote } from '../../../cache/remotes/directory-remote.ts';
import { httpRemote } from '../../../cache/remotes/http/http-remote.ts';
import type { Remote } from '../../../cache/remotes/remote.ts';
import { cacheServer } from '../support/cache-server.ts';
import { hasNginx, nginx } from '../support/nginx.ts';
import { describeRemote } from '../support/remote-contract.ts';
import { temporaryStore } from '../support/temporary-store.ts';

describeRemote('a directory', async () => {
  const store = await temporaryStore({ sharing: 'group' });
  return {
    remote: directoryRemote(store.root),
    damage: async (digest, bytes) => {
      const path = blobPath(store, digest as Digest);
      await chmod(path, 0o644);
      await writeFile(path, bytes);
    },
  };
});

describeRemote('a server of Node', async () => {
  const server = await cacheServer();
  return {
    remote: at(server.url),
    damage: (digest, bytes) => Promise.resolve(void server.files.set(`/cas/${digest}`, bytes)),
  };
});

if (hasNginx)
  describeRemote('nginx', async () => {
    const { url, root } = await nginx();
    return { remote: at(url), damage: (digest, bytes) => writeFile(join(root, 'cas', digest), bytes) };
  });

function at(url: string): Remote {
  return httpRemote({ name: 'team', place: { kind: 'http', url } }, {});
}
