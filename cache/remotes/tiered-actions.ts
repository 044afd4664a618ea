import type { ActionResult, ActionStore } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import { rememberOrigin } from '../origins.ts';
import type { Store } from '../store.ts';
import { findResult } from './find-result.ts';
import type { RemoteUse } from './remote-use.ts';
import type { SteadyRemote } from './steady-remote.ts';

export interface TieredActionParts {
  readonly local: Store;
  readonly remotes: readonly SteadyRemote[];
  readonly onTrouble: (message: string) => void;
}

/** One's own results, and those of remotes, which become one's own without their bytes. Where signatures are demanded, they have some. */
export function tieredActions(parts: TieredActionParts): ActionStore {
  const { local, remotes, onTrouble } = parts;
  const { actions, signing } = local;
  const distrusted = new Set<string>();
  const search = {
    remotes,
    onTrouble,
    signers: signing?.signers ?? [],
    demanded: signing?.demanded === true,
    // A remote of people who do not sign has thousands of them.
    onUntrusted: (remote: string, key: TaskKey): void => {
      if (distrusted.has(remote)) return;
      distrusted.add(remote);
      onTrouble(
        `results of remote '${remote}' that nobody you trust has signed are not used: that of ${key}, for one`,
      );
    },
  };
  return {
    ...actions,
    get: async (key, options) => {
      const here = await actions.get(key, options);
      if (here.kind !== 'absent' && here.kind !== 'corrupt') return here;
      const found = await findResult(search, key);
      if (found === undefined) return here;
      const put = await actions.put(found.result, { foreign: true, signed: found.signed });
      // A store that may only be read serves all the same.
      if (put.kind === 'exists') return { kind: 'found', result: put.existing };
      count(remotes.find(({ name }) => name === found.from)!.use, found.result);
      await rememberOrigin(local, key, { kind: 'remote', name: found.from });
      return { kind: 'found', result: found.result };
    },
  };
}

function count(use: RemoteUse, { provenance: { deviceClass, durationMs } }: ActionResult): void {
  use.hits += 1;
  use[deviceClass.startsWith('gpu') ? 'savedGpuMs' : 'savedCpuMs'] += durationMs;
}
