import { existsSync, unlinkSync } from 'node:fs';
import type { Claim, ClaimOwner, ClaimResult, ClaimStore } from '../claim-store.ts';
import type { Clock } from '../clock.ts';
import type { TaskKey } from '../digest.ts';
import type { Liveness, ProcessIdentity } from '../process-identity.ts';
import { errorCode, guarded, guardedNow } from '../system-error.ts';
import { encodeClaim, ownerOf, parseClaimName, readClaim } from './claim-record.ts';
import type { ClaimRecord } from './claim-record.ts';
import { beatPath, silenceMs, silenceOfLivingMs, startHeartbeat } from './heartbeat.ts';
import type { SilenceWatch } from './heartbeat.ts';
import { folderPath, randomName } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { TemporaryFile } from './temporary-file.ts';
import { namesNow } from './names-in.ts';

export interface ClaimStoreParts {
  readonly folder: StoreFolder;
  readonly clock: Clock;
  readonly self: ProcessIdentity;
  /** Whether an owner lives, where this host can know. */
  readonly livenessOf: (owner: ProcessIdentity) => Liveness;
  readonly silence: SilenceWatch;
}

/**
 * Claims as files `claims/KEY.n`, made by `link`, so that of several that want one number exactly one gets it. The
 * highest number owns. An owner shows that it lives by counting in a file of its own.
 */
export function localClaimStore(parts: ClaimStoreParts): ClaimStore {
  const { folder } = parts;
  return {
    acquire: (key, options) =>
      guarded(folderPath(folder, 'claims'), () => acquire(parts, key, options?.signal)),
    owner(key) {
      const found = guardedNow(folder.root, () => highestClaim(folder, key));
      if (found === undefined || 'kind' in found) return Promise.resolve(undefined);
      const { record } = found;
      const isDead = typeof record === 'object' && parts.livenessOf(record.owner) === 'dead';
      return Promise.resolve(isDead ? undefined : found.owner);
    },
  };
}

async function acquire(
  parts: ClaimStoreParts,
  key: TaskKey,
  signal: AbortSignal | undefined,
): Promise<ClaimResult> {
  signal?.throwIfAborted();
  const { folder } = parts;
  // Mostly nobody has any claim on it, and there is no need to go through everybody's first.
  if (!existsSync(claimPath(folder, key, 1))) {
    const first = await claimNumber(parts, key, 1);
    if (first.kind === 'acquired') return first;
  }
  const highest = highestClaim(folder, key);
  if (highest !== undefined && !(await isForfeit(parts, highest)))
    return { kind: 'held', owner: highest.owner };
  return await claimNumber(parts, key, (highest?.number ?? 0) + 1);
}

async function claimNumber(parts: ClaimStoreParts, key: TaskKey, number: number): Promise<ClaimResult> {
  const { folder } = parts;
  const claim = await tryClaim(parts, key, number);
  if (claim === undefined) {
    const owner = highestClaim(folder, key)?.owner;
    return { kind: 'held', owner: owner ?? unknownOwner(number) };
  }
  try {
    const now = highestClaim(folder, key);
    if (now?.number === number) return { kind: 'acquired', claim };
    // What we saw was out of date: somebody had gone further already, and may even have cleared ours away as an old one.
    await claim.release();
    return { kind: 'held', owner: now?.owner ?? unknownOwner(number) };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/**
 * Makes the claim of this number, unless somebody else has it. Its file is not synced: a power cut ends the owner, and with
 * it the claim, whose boot is then over. Should it leave the file empty, that is nobody's claim.
 */
async function tryClaim(parts: ClaimStoreParts, key: TaskKey, number: number): Promise<Claim | undefined> {
  const { folder, clock, self } = parts;
  const claims = folderPath(folder, 'claims');
  const record: ClaimRecord = {
    owner: self,
    since: new Date(clock.wallMs()).toISOString(),
    nonce: randomName(''),
  };
  const path = claimPath(folder, key, number);
  try {
    using temporary = await TemporaryFile.write(folder, claims, encodeClaim(record));
    temporary.leaveUnsynced();
    return temporary.nameUnlessTaken(path) ? heldClaim(parts, key, { number, record }) : undefined;
  } catch (error) {
    // The failure may have come after the link; nobody else could free a claim whose owner lives.
    removeOwn(folder, path, record.nonce);
    throw error;
  }
}

function heldClaim(
  { folder, clock }: ClaimStoreParts,
  key: TaskKey,
  { number, record }: { readonly number: number; readonly record: ClaimRecord },
): Claim {
  const heartbeat = startHeartbeat({ folder, clock, nonce: record.nonce });
  const release = (): Promise<void> => {
    heartbeat[Symbol.dispose]();
    if (number > 1) removeTakenOver(folder, key, number);
    removeOwn(folder, claimPath(folder, key, number), record.nonce);
    return Promise.resolve();
  };
  return {
    key,
    number,
    isLost() {
      const highest = guardedNow(folder.root, () => highestClaim(folder, key));
      if (highest !== undefined && 'kind' in highest) return Promise.resolve(false);
      const isOurs = typeof highest?.record === 'object' && highest.record.nonce === record.nonce;
      return Promise.resolve(!isOurs);
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

interface FoundClaim {
  readonly number: number;
  readonly owner: ClaimOwner;
  readonly record: ClaimRecord | 'empty' | 'unreadable';
}

function highestClaim(folder: StoreFolder, key: TaskKey): FoundClaim | undefined {
  const numbers = claimNumbers(folder, key);
  for (const number of numbers.toReversed()) {
    const record = readClaim(claimPath(folder, key, number));
    if (record === undefined) continue;
    const owner = typeof record === 'string' ? unknownOwner(number) : ownerOf(number, record);
    return { number, owner, record };
  }
  return undefined;
}

function claimPath(folder: StoreFolder, key: TaskKey, number: number): string {
  return `${folderPath(folder, 'claims')}/${key}.${number}`;
}

/** Ascending. */
function claimNumbers(folder: StoreFolder, key: TaskKey): readonly number[] {
  const names = namesNow(folderPath(folder, 'claims')).filter((name) => name.startsWith(`${key}.`));
  return names.flatMap((name) => parseClaimName(name)?.number ?? []).sort((a, b) => a - b);
}

async function isForfeit({ livenessOf, silence }: ClaimStoreParts, claim: FoundClaim): Promise<boolean> {
  if (claim.record === 'empty') return true;
  if (claim.record === 'unreadable') return await silence.isTooLong(`unreadable.${claim.number}`, silenceMs);
  switch (livenessOf(claim.record.owner)) {
    case 'dead':
      return true;
    case 'alive':
      return await silence.isTooLong(claim.record.nonce, silenceOfLivingMs);
    case 'unknown':
      return await silence.isTooLong(claim.record.nonce, silenceMs);
  }
}

/** Removes what lies below our own claim. */
function removeTakenOver(folder: StoreFolder, key: TaskKey, own: number): void {
  const numbers = guardedNow(folder.root, () => claimNumbers(folder, key));
  for (const number of 'kind' in numbers ? [] : numbers) {
    if (number >= own) continue;
    const path = claimPath(folder, key, number);
    const record = readIfReadable(path);
    remove(path);
    if (record !== undefined) remove(beatPath(folder, record.nonce));
  }
}

/** Removes the claim of this nonce and its heartbeat; the file of that name may by now be another's. */
function removeOwn(folder: StoreFolder, path: string, nonce: string): void {
  if (readIfReadable(path)?.nonce === nonce) remove(path);
  remove(beatPath(folder, nonce));
}

function readIfReadable(path: string): ClaimRecord | undefined {
  try {
    const record = readClaim(path);
    return typeof record === 'object' ? record : undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** A claim that stays behind is taken over in time; so nothing is made of a failure. */
function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

function unknownOwner(number: number): ClaimOwner {
  return { number, host: 'unknown', pid: 0, since: 'unknown' };
}
