import type { TaskKey } from './digest.ts';
import type { StoreFailure } from './failures.ts';

/**
 * Who is computing what: of those that live, one a key. Claims are numbered, each after those that it takes over, which stay
 * until its release.
 */
export interface ClaimStore {
  /** Claims `key`, taking over from owners that are known to be dead or silent too long. */
  acquire(key: TaskKey, options?: { readonly signal?: AbortSignal }): Promise<ClaimResult>;
  /** The current owner; undefined where there is none, or one that is known to be dead. */
  owner(key: TaskKey): Promise<ClaimOwner | undefined>;
}

export interface ClaimOwner {
  readonly number: number;
  readonly host: string;
  readonly pid: number;
  /** Wall-clock start by the owner's clock, for people to read; never compared. */
  readonly since: string;
  /** Id of the cluster's job that the owner works in, where it is one. */
  readonly job?: string;
}

export type ClaimResult =
  | { readonly kind: 'acquired'; readonly claim: Claim }
  /** Somebody alive holds it: wait and look again (for the result first). */
  | { readonly kind: 'held'; readonly owner: ClaimOwner }
  | StoreFailure;

/** A held claim; its heartbeat runs until `release`. */
export interface Claim extends AsyncDisposable {
  readonly key: TaskKey;
  readonly number: number;
  /** Whether there was an owner before, who died or fell silent: what it had started may still run. */
  readonly tookOver: boolean;
  /** Whether somebody has come after this one, because its owner was silent. Publishing is still allowed. */
  isLost(): Promise<boolean>;
  /** Stops the heartbeat and removes the claim with those that it took over. Call after the result stands, or after a clean failure. */
  release(): Promise<void>;
}
