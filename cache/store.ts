import type { ActionStore, SignedRecord } from './action-store.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { BlobStore } from './blob-store.ts';
import type { ClaimStore } from './claim-store.ts';
import type { Digest, TaskKey } from './digest.ts';
import type { FileIndex } from './file-index.ts';
import type { Origin } from './origin.ts';
import type { RemotesAccess } from './remotes/remote-settings.ts';
import type { SigningPolicy } from './signatures/signing-policy.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** Who may write: as the umask says, or everybody in the folder's group, whatever the umask says. */
export type Sharing = 'umask' | 'group';

/** Where a `.sweetspot` folder lies, and for whom its files are made. */
export interface StoreFolder {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly sharing: Sharing;
  /** Whether its settings demand signed results of everybody who uses it. */
  readonly signed?: boolean;
  /** How much its blobs are to hold at most: `gc` keeps to it, runs warn. */
  readonly quotaBytes?: number;
  /** Nothing in it is to be changed, whatever the system would allow. */
  readonly readOnly?: boolean;
  /** Told of each file that is found damaged in use, and where it lies now. */
  readonly onDamaged?: ((damaged: DamagedFile) => void) | undefined;
}

/** A file of the store that was not what had been written. */
export interface DamagedFile {
  readonly path: string;
  /** The same where it could not be moved. */
  readonly movedTo: string;
}

/** One `.sweetspot` folder: the local tier of the cache, and where runs are recorded. */
export interface Store extends StoreFolder {
  /** Root of the store that is only read, over which this one lies. */
  readonly below?: string;
  /** Whose results are served and how those made here are signed; absent where nobody signs. */
  readonly signing?: SigningPolicy;
  /** The signed records of a key that lie here, each verified to be of a listed member or one's own; absent where nobody signs. */
  readonly signedRecords?: (key: TaskKey) => Promise<readonly SignedRecord[]>;
  /** Results that were there and not served, since nobody listed has signed them, in words; told once. */
  readonly untrusted?: () => readonly string[];
  /** `runs/`: one folder a run, owned by the engine. */
  readonly runsDir: string;
  readonly blobs: BlobStore;
  readonly actions: ActionStore;
  readonly artifacts: ArtifactStore;
  readonly claims: ClaimStore;
  readonly snapshots: SnapshotStore;
  readonly fileIndex: FileIndex;
  /** Where a result came from, as far as this store remembers; undefined for what was computed here. */
  readonly originOf?: (key: TaskKey) => Origin | undefined;
  /** Brings the bytes of an artifact from remotes, as far as they have them; absent where there are none. Aborted, it ends soon. */
  readonly bring?: (artifact: Digest, signal: AbortSignal) => Promise<void>;
  /** What else is asked for results and bytes, so that another process can open the same; absent where there is nothing. */
  readonly remotes?: RemotesAccess;
}
