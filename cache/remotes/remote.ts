import type { ActionResult, SignedRecord } from '../action-store.ts';
import type { Digest, TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';

/**
 * Where others keep results and blobs. Nothing that it answers is believed: whoever asks verifies it. An expected failure
 * is returned, and what a call does ends soon after its signal is aborted.
 */
export interface Remote {
  /** Whether it finds out by itself that bytes are not what their digest says, and then keeps none: `wrong-bytes`. */
  readonly checksUploads?: true;
  /**
   * What a key's task made, as far as the answer can be read at all. `signers`: the fingerprints of those whose signed records of it
   * are wanted too, from a remote that keeps such.
   */
  getAction(key: TaskKey, call: RemoteCall, signers?: readonly string[]): Promise<RemoteAction>;
  /** Whatever the blob's bytes are, into the new file at `path`; nothing is left there otherwise. */
  getBlob(request: BlobDownload, call: RemoteCall): Promise<DownloadedBlob>;
  /** Which of some blobs are there, by existence alone. */
  hasBlobs(digests: readonly Digest[], call: RemoteCall): Promise<PresentBlobs>;
  /** The bytes at `path` have been verified, unless it does that itself. */
  putBlob(blob: BlobUpload, call: RemoteCall): Promise<Uploaded>;
  /**
   * The first result of a key wins, where the protocol can say so; signed records come beside it, whatever it is. To be called when
   * all of `files` are there.
   */
  putAction(published: PublishedAction, call: RemoteCall): Promise<Uploaded>;
}

export interface RemoteCall {
  readonly signal: AbortSignal;
  /** To be told of bytes that have gone over: a call is given up when too few do for too long. */
  readonly onBytes: (count: number) => void;
  /** To be awaited for each piece of a blob, where the line is to be left to others as well. Pieces of `pieceBytes` at most. */
  readonly pace?: (count: number) => Promise<void>;
}

/** How much of a blob may go over at one go where somebody paces it. */
export const pieceBytes: number = 256 * 1024;

export interface BlobDownload {
  readonly digest: Digest;
  /** Of a file that does not exist. */
  readonly path: string;
  /** What is longer is refused. */
  readonly mostBytes: number;
}

export interface BlobUpload {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly path: string;
}

export interface PublishedAction {
  readonly result: ActionResult;
  /** Everything that the result stands for and that the remote has. */
  readonly files: readonly PublishedFile[];
  readonly signed?: readonly SignedRecord[];
}

export interface PublishedFile {
  /** What it is, as a path: `outputs/model/weights.safetensors`. */
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export type RemoteAction =
  | {
      readonly kind: 'found';
      readonly result: ActionResult;
      readonly signed?: readonly SignedRecord[];
      /** Where whoever looks after it says that only signed results count. */
      readonly demandsSignatures?: boolean;
    }
  | { readonly kind: 'absent' }
  /** There is something, and it is no result of this key. */
  | { readonly kind: 'malformed'; readonly problem: string }
  | RemoteFailure;

export type DownloadedBlob =
  | { readonly kind: 'received'; readonly digest: Digest; readonly sizeBytes: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly problem: string }
  | RemoteFailure
  /** It is this machine that could not take the bytes. */
  | StoreFailure;

export type PresentBlobs = { readonly kind: 'looked'; readonly present: ReadonlySet<Digest> } | RemoteFailure;

export type Uploaded =
  | { readonly kind: 'stored' }
  /** Of a result: there was one before, which stands. `signed`: what was signed stands beside it now. */
  | { readonly kind: 'exists'; readonly same: boolean; readonly signed?: boolean }
  | RemoteFailure;

export interface RemoteFailure {
  readonly kind: 'remote-failure';
  /**
   * `unreachable`: nothing answers; `timeout`: not in time; `refused`: we may not do this; `failed`: it has troubles of
   * its own, which may pass; `wrong-bytes`: what was to be brought is damaged here, which is no fault of the remote's.
   */
  readonly reason: 'unreachable' | 'timeout' | 'refused' | 'failed' | 'wrong-bytes';
  /** In words, without any credentials. */
  readonly detail: string;
}
