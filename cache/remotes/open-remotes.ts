import type { StoreFolder } from '../store.ts';
import { directoryRemote } from './directory-remote.ts';
import { httpRemote } from './http/http-remote.ts';
import { Outages } from './outages.ts';
import type { Remote } from './remote.ts';
import type { RemotePlace, RemotesAccess, RemoteSettings } from './remote-settings.ts';
import { openBucket } from './s3/bucket.ts';
import { bucketRemote } from './s3/bucket-remote.ts';
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
interface Surroundings {
  readonly env: OpenRemotesRequest['env'];
  /** Says what the user should know of the remote, once a run a topic. */
  readonly sayOnce: (topic: string, message: string) => Promise<void>;
}
type Kinds = {
  readonly [K in RemotePlace['kind']]: (settings: Opened<K>, around: Surroundings) => Remote;
};

/** Every sort of remote. A new one is one file and one line here. */
const kinds: Kinds = {
  directory: ({ place }) => directoryRemote(place.path),
  http: (settings, { env }) => httpRemote(settings, env),
  bucket: (settings, { env, sayOnce }) => bucketRemote(openBucket(settings, env), sayOnce),
};

/** The remotes, in the order in which they are asked. Nothing is connected to before something is asked of it. */
export function openRemotes(request: OpenRemotesRequest): readonly SteadyRemote[] {
  const { settings, folder, outagesDir, env, onTrouble } = request;
  const outages = new Outages(folder, outagesDir);
  return settings.map((each) => {
    const sayOnce: Surroundings['sayOnce'] = async (topic, message) => {
      if (await outages.add(`${each.name}.said.${topic}`)) onTrouble(`remote '${each.name}': ${message}`);
    };
    const remote = openOne(each, { env, sayOnce });
    return steadyRemote({ remote, folder, settings: each, outages, onTrouble });
  });
}

function openOne(settings: RemoteSettings, around: Surroundings): Remote {
  const { place } = settings;
  switch (place.kind) {
    case 'directory':
      return kinds.directory({ ...settings, place }, around);
    case 'http':
      return kinds.http({ ...settings, place }, around);
    case 'bucket':
      return kinds.bucket({ ...settings, place }, around);
  }
}
