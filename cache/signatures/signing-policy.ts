import type { Signer } from './signature.ts';

/** How a store is used by a member of a team that signs. Plain data: workers get it from their driver. */
export interface SigningPolicy {
  /** Whether only results of listed signers are served. */
  readonly demanded: boolean;
  readonly signers: readonly Signer[];
  /** The file of the member's own private key; undefined: what is made is not signed. */
  readonly keyFile: string | undefined;
}
