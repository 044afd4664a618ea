import { rmSync } from 'node:fs';
import type { RemoteSettings } from '../../cache/remotes/remote-settings.ts';
import { recordUse } from '../../cache/remotes/uses/record-use.ts';
import { tieredStore } from '../../cache/remotes/tiered-store.ts';
import type { TieredStore } from '../../cache/remotes/tiered-store.ts';
import type { Store } from '../../cache/store.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import type { Workspace } from '../workspace.ts';
import { Troubles } from './troubles.ts';

/** What lies behind a store: remotes, and what is noticed of them. */
export interface Tiers {
  readonly local: Store;
  readonly tiered: TieredStore;
  readonly troubles: Troubles;
}

/** The remotes that `--remote NAME` or `--no-remote` leave; undefined where there is none of that name. */
export function chooseRemotes(
  { remotes }: Workspace,
  flag: string | boolean | undefined,
): readonly RemoteSettings[] | undefined {
  if (flag === false) return [];
  if (typeof flag !== 'string') return remotes;
  const named = remotes.filter(({ name }) => name === flag);
  return named.length === 0 ? undefined : named;
}

export function sayUnknownRemote(said: {
  readonly name: string;
  readonly workspace: Workspace;
  readonly io: Io;
}): void {
  const { name, workspace, io } = said;
  const known = workspace.remotes.map((each) => each.name).join(', ');
  complain(
    io,
    `there is no remote '${name}'`,
    known === '' ? 'sweetspot.config.yaml names remotes under `remotes:`' : `there are: ${known}`,
  );
}

/** What is only read is not written to as a remote either. */
function sparing(below: string | undefined, remote: RemoteSettings): RemoteSettings {
  const { place } = remote;
  return place.kind === 'directory' && place.path === below ? { ...remote, push: false } : remote;
}

/** The store with remotes behind it; undefined where there are none. */
export function openTiers(request: {
  readonly local: Store;
  readonly settings: readonly RemoteSettings[];
  readonly io: Io;
}): Tiers | undefined {
  const { local, io } = request;
  if (request.settings.length === 0) return undefined;
  const settings = request.settings.map((each) => sparing(local.below, each));
  const troubles = new Troubles(io);
  const tiered = tieredStore({ local, settings, env: io.env, onTrouble: troubles.say });
  // Its processes have ended before; what a killed one leaves goes with garbage collection.
  process.once('exit', () => {
    rmSync(tiered.remotes.outagesDir, { recursive: true, force: true });
    recordUse(local, tiered.uses());
  });
  return { local, tiered, troubles };
}
