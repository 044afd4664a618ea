import type { StoreFolder } from '../store.ts';
import { directoryRemote } from './directory-remote.ts';
import { httpRemote } from './http/http-remote.ts';
import { Outages } from './outages.ts';
import type { Remote } from './remote.ts';
import type { RemotePlace, RemotesAccess, RemoteSettings } from './remote-settings.ts';
import { steadyRemote } from './steady-remote.ts';
import type { SteadyRemote } from './steady-remote.ts';

export interface OpenRemotesRequest extends RemotesAccess {
  readonly folder: StoreFolder;
  /** Where credentials are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes what the user should know of a remote. */
  readonly onTrouble: (message: string) => void;
}

type Opened<K extends RemotePlace['kind']> = RemoteSettings & {
  readonly place: Extract<RemotePlace, { readonly kind: K }>;
};
type Kinds = {
  readonly [K in RemotePlace['kind']]: (settings: Opened<K>, env: OpenRemotesRequest['env']) => Remote;
};

/** Every sort of remote. A new one is one file and one line here. */
const kinds: Kinds = {
  directory: ({ place }) => directoryRemote(place.path),
  http: (settings, env) => httpRemote(settings, env),
};

/** The remotes, in the order in which they are asked. Nothing is connected to before something is asked of it. */
export function openRemotes(request: OpenRemotesRequest): readonly SteadyRemote[] {
  const { settings, folder, outagesDir, env, onTrouble } = request;
  const outages = new Outages(folder, outagesDir);
  return settings.map((each) =>
    steadyRemote({ remote: openOne(each, env), settings: each, outages, onTrouble }),
  );
}

function openOne(settings: RemoteSettings, env: OpenRemotesRequest['env']): Remote {
  const { place } = settings;
  switch (place.kind) {
    case 'directory':
      return kinds.directory({ ...settings, place }, env);
    case 'http':
      return kinds.http({ ...settings, place }, env);
  }
}
