import type { Claim, ClaimOwner, ClaimResult, ClaimStore } from '../claim-store.ts';
import type { Clock } from '../clock.ts';
import type { TaskKey } from '../digest.ts';
import type { Liveness, ProcessIdentity } from '../process-identity.ts';
import type { StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';
import { localClaimFiles } from './claim-files.ts';
import { leaveClaim, takeClaim } from './claim-protocol.ts';
import type { Contender, FoundClaim, TakenClaim, Verdict } from './claim-protocol.ts';
import { newClaim, ownerOf, unknownOwner } from './claim-record.ts';
import { removeSigns, silenceMs, silenceOfLivingMs, startHeartbeat } from './heartbeat.ts';
import type { SilenceWatch } from './heartbeat.ts';
import { folderPath } from './store-folder.ts';

export interface ClaimStoreParts {
  readonly folder: StoreFolder;
  readonly clock: Clock;
  readonly self: ProcessIdentity;
  /** Whether an owner lives, where this host can know. */
  readonly livenessOf: (owner: ProcessIdentity) => Liveness | Promise<Liveness>;
  readonly silence: SilenceWatch;
}

/** Claims as files `claims/KEY.n`, made by `link`. An owner shows that it lives by counting in a file of its own. */
export function localClaimStore(parts: ClaimStoreParts): ClaimStore {
  const { folder } = parts;
  return {
    acquire: (key, options) =>
      guarded(folderPath(folder, 'claims'), () => acquire(parts, key, options?.signal)),
    async owner(key) {
      const owner = await guarded(folder.root, () => findOwner(parts, key));
      return owner === undefined || 'kind' in owner ? undefined : owner;
    },
  };
}

async function acquire(
  parts: ClaimStoreParts,
  key: TaskKey,
  signal: AbortSignal | undefined,
): Promise<ClaimResult> {
  signal?.throwIfAborted();
  const contender: Contender = {
    files: localClaimFiles(parts.folder, key),
    own: newClaim(parts.self, parts.clock),
    judge: (claim) => judge(parts, key, claim),
  };
  const attempt = await takeClaim(contender);
  if (attempt.kind === 'taken') {
    await giveUp(parts, attempt);
    return { kind: 'acquired', claim: heldClaim(parts, key, { contender, taken: attempt }) };
  }
  const { by } = attempt;
  return { kind: 'held', owner: by === undefined ? unknownOwner(1) : ownerOf(by.number, by.record) };
}

function heldClaim(
  { folder, clock }: ClaimStoreParts,
  key: TaskKey,
  { contender, taken }: { readonly contender: Contender; readonly taken: TakenClaim },
): Claim {
  const { nonce } = contender.own;
  const heartbeat = startHeartbeat({ folder, clock, nonce });
  let isReleased = false;
  const release = async (): Promise<void> => {
    // Once only: afterwards the file of this number may be another's.
    if (isReleased) return;
    isReleased = true;
    heartbeat[Symbol.dispose]();
    for (const { record } of await leaveClaim(contender, taken)) {
      if (typeof record === 'object') removeSigns(folder, record.nonce);
    }
  };
  return {
    key,
    number: taken.number,
    tookOver: taken.predecessors.length > 0,
    async isLost() {
      const lost = await guarded(folder.root, () => isOvertaken(contender, taken));
      return lost === true;
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

/** Whoever comes after us need not listen to them as long as we did. */
async function giveUp({ silence }: ClaimStoreParts, { predecessors }: TakenClaim): Promise<void> {
  for (const { verdict, record } of predecessors) {
    if (verdict === 'silent' && typeof record === 'object') await silence.giveUp(record.nonce);
  }
}

/** Whether our claim is gone, or somebody has come after it. */
async function isOvertaken({ files, own }: Contender, taken: TakenClaim): Promise<boolean> {
  const mine = await files.read(taken.number);
  if (typeof mine !== 'object' || mine.nonce !== own.nonce) return true;
  const known = new Set(taken.predecessors.map(({ number }) => number));
  return (await files.numbers()).some((number) => number > taken.number && !known.has(number));
}

async function findOwner(
  { folder, livenessOf }: ClaimStoreParts,
  key: TaskKey,
): Promise<ClaimOwner | undefined> {
  const files = localClaimFiles(folder, key);
  const descending = [...(await files.numbers())].sort((a, b) => b - a);
  for (const number of descending) {
    const record = await files.read(number);
    if (record === undefined || record === 'empty') continue;
    if (typeof record === 'object' && (await livenessOf(record.owner)) === 'dead') continue;
    return ownerOf(number, record);
  }
  return undefined;
}

async function judge(
  { livenessOf, silence }: ClaimStoreParts,
  key: TaskKey,
  { number, record }: FoundClaim,
): Promise<Verdict> {
  if (record === 'empty') return 'dead';
  const liveness = record === 'unreadable' ? 'unknown' : await livenessOf(record.owner);
  if (liveness === 'dead') return 'dead';
  const nonce = record === 'unreadable' ? `${key}.${number}` : record.nonce;
  const limitMs = liveness === 'alive' ? silenceOfLivingMs : silenceMs;
  return (await silence.isTooLong(nonce, limitMs)) ? 'silent' : 'live';
}
