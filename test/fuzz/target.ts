import type { Random } from '../../vision/random/random.ts';

/** A reader of files that anybody may have written. */
export interface Target {
  readonly name: string;
  /** Files as they should be, which are then spoilt. */
  readonly seeds: () => Promise<readonly Uint8Array[]>;
  /** Files made up from the format's own grammar. */
  readonly invent?: (random: Random) => Uint8Array;
  /** Words and numbers of the format, to be put where they do not belong. */
  readonly words: readonly string[];
  /** Reads one file. Resolves for a result and for a refusal that the reader names; throws for everything else. */
  readonly read: (input: Uint8Array) => Promise<void>;
}
