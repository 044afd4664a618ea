/** A remote as the configuration names it. Plain JSON, so that another process can open the same. Holds no credentials. */
export interface RemoteSettings {
  /** Letters, digits, dashes and underscores. */
  readonly name: string;
  readonly place: RemotePlace;
  /** Whether results and blobs are taken from it. */
  readonly pull: boolean;
  /** Whether they are brought to it. */
  readonly push: boolean;
  /** How long a call may go on without a sign of life. */
  readonly timeoutMs: number;
  /** Of all its transfers from a machine and a store together, in bytes a second, each way for itself; default: as much as there is. */
  readonly bandwidth?: number;
}

export type RemotePlace =
  /** Another store's folder, by its absolute path. */
  | { readonly kind: 'directory'; readonly path: string }
  /** A server that speaks Bazel's HTTP caching protocol. `ca`: absolute path of the certificates that are trusted, in PEM. */
  | { readonly kind: 'http'; readonly url: string; readonly ca?: string }
  /** A bucket of S3, or of what is compatible with it. */
  | {
      readonly kind: 'bucket';
      readonly bucket: string;
      /** What its keys begin with, without slashes at its ends; empty: nothing. */
      readonly prefix: string;
      /** Address of the server; default: Amazon's. */
      readonly endpoint?: string;
      /** Default: what the environment says, else `us-east-1`. */
      readonly region?: string;
      /** Whether the bucket's name is part of the path instead of the host; default: with an endpoint. */
      readonly pathStyle?: boolean;
      /** Whether credentials may be those of the instance's role, which is asked for at the address of its metadata service. */
      readonly instanceRole?: boolean;
      readonly ca?: string;
    };

/** How another process opens the remotes of a store, as part of the same run. */
export interface RemotesAccess {
  readonly settings: readonly RemoteSettings[];
  /** A folder in which the run's processes tell each other which remotes are left alone. */
  readonly outagesDir: string;
}
