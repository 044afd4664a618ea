import { unlink, writeFile } from 'node:fs/promises';
import type { Claim, ClaimOwner, ClaimResult, ClaimStore } from '../claim-store.ts';
import type { Clock } from '../clock.ts';
import type { TaskKey } from '../digest.ts';
import type { Liveness, ProcessIdentity } from '../process-identity.ts';
import { errorCode, guarded } from '../system-error.ts';
import { encodeClaim, ownerOf, parseClaimName, readClaim } from './claim-record.ts';
import type { ClaimRecord } from './claim-record.ts';
import { beatPath, firstBeat, silenceMs, silenceOfLivingMs, startHeartbeat } from './heartbeat.ts';
import type { SilenceWatch } from './heartbeat.ts';
import { folderPath, randomName, share } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { TemporaryFile } from './temporary-file.ts';
import { namesIn } from './names-in.ts';

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
    async owner(key) {
      const found = await guarded(folder.root, () => highestClaim(folder, key));
      return found === undefined || 'kind' in found ? undefined : found.owner;
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
  const highest = await highestClaim(folder, key);
  if (highest !== undefined && !(await isForfeit(parts, highest)))
    return { kind: 'held', owner: highest.owner };
  const number = (highest?.number ?? 0) + 1;
  const claim = await tryClaim(parts, key, number);
  if (claim === undefined) {
    const owner = (await highestClaim(folder, key))?.owner;
    return { kind: 'held', owner: owner ?? unknownOwner(number) };
  }
  try {
    const now = await highestClaim(folder, key);
    if (now === undefined || now.number <= number) return { kind: 'acquired', claim };
    // What we saw was out of date: somebody had gone further already.
    await claim.release();
    return { kind: 'held', owner: now.owner };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** Makes the claim of this number, unless somebody else has it. */
async function tryClaim(parts: ClaimStoreParts, key: TaskKey, number: number): Promise<Claim | undefined> {
  const { folder, clock, self } = parts;
  const claims = folderPath(folder, 'claims');
  const record: ClaimRecord = {
    owner: self,
    since: new Date(clock.wallMs()).toISOString(),
    nonce: randomName(''),
  };
  const beat = beatPath(folder, record.nonce);
  try {
    await writeFile(beat, firstBeat, { flag: 'wx' });
    await share(beat, folder, 0o644);
    await using temporary = await TemporaryFile.create(folder, claims);
    await temporary.handle.writeFile(encodeClaim(record));
    await temporary.sync();
    if (await temporary.linkTo(`${claims}/${key}.${number}`))
      return heldClaim(parts, key, { number, record });
  } catch (error) {
    // The failure may have come after the link; nobody else could free a claim whose owner lives.
    await removeOwn(folder, `${claims}/${key}.${number}`, record.nonce);
    throw error;
  }
  await remove(beat);
  return undefined;
}

function heldClaim(
  { folder, clock }: ClaimStoreParts,
  key: TaskKey,
  { number, record }: { readonly number: number; readonly record: ClaimRecord },
): Claim {
  const heartbeat = startHeartbeat({ folder, clock, nonce: record.nonce });
  const release = async (): Promise<void> => {
    heartbeat[Symbol.dispose]();
    await removeClaims(folder, key, { number, nonce: record.nonce });
  };
  return {
    key,
    number,
    async isLost() {
      const highest = await guarded(folder.root, () => highestClaim(folder, key));
      if (highest !== undefined && 'kind' in highest) return false;
      return highest?.record?.nonce !== record.nonce;
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

interface FoundClaim {
  readonly number: number;
  readonly owner: ClaimOwner;
  /** Undefined where the file is damaged. */
  readonly record: ClaimRecord | undefined;
}

async function highestClaim(folder: StoreFolder, key: TaskKey): Promise<FoundClaim | undefined> {
  const numbers = await claimNumbers(folder, key);
  for (const number of numbers.toReversed()) {
    const record = await readClaim(`${folderPath(folder, 'claims')}/${key}.${number}`);
    if (record === undefined) continue;
    if (record === 'unreadable') return { number, owner: unknownOwner(number), record: undefined };
    return { number, owner: ownerOf(number, record), record };
  }
  return undefined;
}

/** Ascending. */
async function claimNumbers(folder: StoreFolder, key: TaskKey): Promise<readonly number[]> {
  const claims = (await namesIn(folderPath(folder, 'claims'))).map(parseClaimName);
  return claims.flatMap((claim) => (claim?.key === key ? [claim.number] : [])).sort((a, b) => a - b);
}

async function isForfeit({ livenessOf, silence }: ClaimStoreParts, claim: FoundClaim): Promise<boolean> {
  if (claim.record === undefined) return await silence.isTooLong(`unreadable.${claim.number}`, silenceMs);
  switch (livenessOf(claim.record.owner)) {
    case 'dead':
      return true;
    case 'alive':
      return await silence.isTooLong(claim.record.nonce, silenceOfLivingMs);
    case 'unknown':
      return await silence.isTooLong(claim.record.nonce, silenceMs);
  }
}

/** Removes what we took over, then our own claim. */
async function removeClaims(
  folder: StoreFolder,
  key: TaskKey,
  own: { readonly number: number; readonly nonce: string },
): Promise<void> {
  const claims = folderPath(folder, 'claims');
  const numbers = await guarded(claims, () => claimNumbers(folder, key));
  for (const number of 'kind' in numbers ? [] : numbers) {
    if (number >= own.number) continue;
    const path = `${claims}/${key}.${number}`;
    const record = await readClaim(path).catch(() => undefined);
    await remove(path);
    if (typeof record === 'object') await remove(beatPath(folder, record.nonce));
  }
  await removeOwn(folder, `${claims}/${key}.${own.number}`, own.nonce);
}

/** Removes the claim of this nonce and its heartbeat; the file of that name may by now be another's. */
async function removeOwn(folder: StoreFolder, path: string, nonce: string): Promise<void> {
  const record = await readClaim(path).catch(() => undefined);
  if (typeof record === 'object' && record.nonce === nonce) await remove(path);
  await remove(beatPath(folder, nonce));
}

/** A claim that stays behind is taken over in time; so nothing is made of a failure. */
async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

function unknownOwner(number: number): ClaimOwner {
  return { number, host: 'unknown', pid: 0, since: 'unknown' };
}
