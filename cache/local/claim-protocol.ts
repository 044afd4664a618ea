import { errorCode } from '../system-error.ts';
import type { ClaimFiles } from './claim-files.ts';
import type { ClaimRecord, FoundRecord } from './claim-record.ts';

/**
 * Who owns a key, whoever stalls or dies between any two calls to the file system (docs/decisions/0015).
 *
 * Whoever wants to own raises a flag, a file of the number after the highest, and then looks at all flags. He owns if all
 * others are forfeit; else he takes his down. Of two, whoever raised his later sees the other's, whatever their numbers: so
 * two never own. That each number is given once lets one of many that ask at the same time through. A flag is taken down by
 * its owner alone; one of the dead by the first who took over from him, while his own still stands.
 */
export interface Contender {
  readonly files: ClaimFiles;
  /** What the claim will say. */
  readonly own: ClaimRecord;
  /** Whoever is not live any more has to remain so. */
  readonly judge: (claim: FoundClaim) => Verdict | Promise<Verdict>;
}

export interface FoundClaim {
  readonly number: number;
  readonly record: FoundRecord;
}

/** The dead do nothing any more; the silent may come back. Both have lost what they claimed. */
export type Verdict = 'live' | 'dead' | 'silent';

export interface Predecessor extends FoundClaim {
  readonly verdict: 'dead' | 'silent';
}

export interface TakenClaim {
  readonly kind: 'taken';
  readonly number: number;
  readonly predecessors: readonly Predecessor[];
}

export type Attempt =
  | TakenClaim
  /** Undefined where it is not known who was faster. */
  | { readonly kind: 'held'; readonly by: FoundClaim | undefined };

export async function takeClaim(contender: Contender): Promise<Attempt> {
  // Mostly nobody has any claim on it, and there is no need to go through everybody's first.
  const first = await takeNumber(contender, 1);
  if (first !== undefined) return first;
  const before = await survey(contender);
  if (before.live !== undefined) return { kind: 'held', by: before.live };
  const highest = Math.max(0, ...before.forfeit.map(({ number }) => number));
  const next = await takeNumber(contender, highest + 1);
  return next ?? { kind: 'held', by: (await survey(contender)).live };
}

/** Undefined where the number is not to be had: another has it, or there are higher ones. */
async function takeNumber(contender: Contender, number: number): Promise<Attempt | undefined> {
  const { files, own } = contender;
  try {
    if (!(await files.make(number, own))) return undefined;
    const { live, forfeit } = await survey(contender, number);
    const isHighest = forfeit.every((other) => other.number < number);
    if (live === undefined && isHighest) return { kind: 'taken', number, predecessors: forfeit };
    await files.remove(number);
    return live === undefined ? undefined : { kind: 'held', by: live };
  } catch (error) {
    // Perhaps it came after the claim was made, and nobody else could free a claim whose owner lives.
    await removeIfStill(files, { number, record: own });
    throw error;
  }
}

/** Takes down the claim, before it those of the dead, and answers which. */
export async function leaveClaim(
  { files }: Contender,
  { number, predecessors }: TakenClaim,
): Promise<readonly Predecessor[]> {
  // A silent one that comes back takes down what it had taken over, and must not meet another's claim of the same number.
  const silent = predecessors.filter(({ verdict }) => verdict === 'silent');
  const highestSilent = Math.max(0, ...silent.map((other) => other.number));
  const ours = predecessors.filter((other) => other.number > highestSilent);
  for (const other of ours) await removeIfStill(files, other);
  await files.remove(number);
  return ours;
}

interface Survey {
  /** The highest of those that live. */
  readonly live: FoundClaim | undefined;
  readonly forfeit: readonly Predecessor[];
}

/** Every claim is judged, so that of several silent ones each is timed from now on. */
async function survey({ files, judge }: Contender, own?: number): Promise<Survey> {
  let live: FoundClaim | undefined;
  const forfeit: Predecessor[] = [];
  for (const number of await files.numbers()) {
    if (number === own) continue;
    const record = await files.read(number);
    if (record === undefined) continue;
    const verdict = await judge({ number, record });
    if (verdict !== 'live') forfeit.push({ number, record, verdict });
    else if (live === undefined || live.number < number) live = { number, record };
  }
  return { live, forfeit };
}

/** It may be gone by now, and its number another's. */
async function removeIfStill(files: ClaimFiles, { number, record }: FoundClaim): Promise<void> {
  try {
    const now = await files.read(number);
    if (isSame(now, record)) await files.remove(number);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

function isSame(a: FoundRecord | undefined, b: FoundRecord): boolean {
  return typeof a === 'object' && typeof b === 'object' ? a.nonce === b.nonce : a === b;
}
