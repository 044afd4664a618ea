import type { RemotePlace, RemoteSettings } from '../../../cache/remotes/remote-settings.ts';
import { tieredStore } from '../../../cache/remotes/tiered-store.ts';
import type { TieredStore } from '../../../cache/remotes/tiered-store.ts';
import { Uploads } from '../../../cache/remotes/uploads.ts';
import type { UploadTally } from '../../../cache/remotes/uploads.ts';
import type { TaskKey } from '../../../cache/digest.ts';
import type { Store } from '../../../cache/store.ts';
import { temporaryStore } from './temporary-store.ts';

/** Long enough for a busy machine where something comes. */
const patientMs = 30_000;

export function remoteAt(place: RemotePlace, more: Partial<RemoteSettings> = {}): RemoteSettings {
  return { name: 'team', place, pull: true, push: true, timeoutMs: patientMs, ...more };
}

export interface Tiered {
  readonly local: Store;
  readonly store: TieredStore;
  /** What was said of the remotes. */
  readonly troubles: readonly string[];
  readonly push: (...keys: readonly TaskKey[]) => Promise<UploadTally>;
}

/** An empty store, or `local`, with remotes behind it. */
export async function tiersOver(settings: readonly RemoteSettings[], local?: Store): Promise<Tiered> {
  const troubles: string[] = [];
  const onTrouble = (message: string): void => void troubles.push(message);
  const own = local ?? (await temporaryStore());
  const store = tieredStore({ local: own, settings, env: {}, onTrouble });
  return {
    local: own,
    store,
    troubles,
    push: async (...keys) => {
      const uploads = new Uploads({ local: own, remote: store.openedRemotes[0]!, onTrouble });
      for (const key of keys) uploads.add(key);
      return await uploads.finish(60_000);
    },
  };
}
