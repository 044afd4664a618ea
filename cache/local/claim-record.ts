import { readFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { parseTaskKey } from '../digest.ts';
import type { TaskKey } from '../digest.ts';
import type { ClaimOwner } from '../claim-store.ts';
import type { JsonObject } from '../json.ts';
import type { ClusterJobName, ProcessIdentity } from '../process-identity.ts';
import type { StoreFolder } from '../store.ts';
import { openRecord, sealRecord } from '../sealed-record.ts';
import { isMissing } from '../system-error.ts';
import { folderPath, randomName } from './store-folder.ts';

/** What a claim's file says. */
export interface ClaimRecord {
  readonly owner: ProcessIdentity;
  /** ISO 8601, by the owner's clock. */
  readonly since: string;
  /** Names this very claim, and its heartbeat. */
  readonly nonce: string;
}

/** What is found in place of a claim; empty is what a power cut leaves: a claim has its text before it has its name. */
export type FoundRecord = ClaimRecord | 'empty' | 'unreadable';

export function claimPath(folder: StoreFolder, key: TaskKey, number: number): string {
  return `${folderPath(folder, 'claims')}/${key}.${number}`;
}

/** The number and key in a claim file's name, `KEY.n`. */
export function parseClaimName(name: string): { readonly key: TaskKey; readonly number: number } | undefined {
  const [keyText = '', numberText = '', ...rest] = name.split('.');
  const key = parseTaskKey(keyText);
  if (key === undefined || rest.length > 0 || !/^[1-9][0-9]{0,8}$/.test(numberText)) return undefined;
  return { key, number: Number(numberText) };
}

export function newClaim(owner: ProcessIdentity, clock: Clock): ClaimRecord {
  return { owner, since: new Date(clock.wallMs()).toISOString(), nonce: randomName('') };
}

export function encodeClaim({ owner, since, nonce }: ClaimRecord): string {
  const { job, ...process } = owner;
  return sealRecord({
    owner: { ...process, ...(job === undefined ? {} : { job: { ...job } }) },
    ...{ since, nonce },
  });
}

/** Undefined where there is none (any more). Throws other system errors. */
export function readClaim(path: string): FoundRecord | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return decodeClaim(text) ?? (isEmpty(text) ? 'empty' : 'unreadable');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function ownerOf(number: number, record: FoundRecord): ClaimOwner {
  if (typeof record === 'string') return unknownOwner(number);
  const { host, pid, job } = record.owner;
  return { number, host, pid, since: record.since, ...(job === undefined ? {} : { job: job.id }) };
}

export function unknownOwner(number: number): ClaimOwner {
  return { number, host: 'unknown', pid: 0, since: 'unknown' };
}

/** Some file systems leave the length, and zeros. */
function isEmpty(text: string): boolean {
  return /^\0*$/.test(text);
}

function decodeClaim(text: string): ClaimRecord | undefined {
  const value = openRecord(text)?.value as JsonObject | undefined;
  const owner = value?.['owner'] as JsonObject | undefined;
  const since = value?.['since'];
  const nonce = value?.['nonce'];
  if (typeof owner?.['host'] !== 'string' || typeof owner['pid'] !== 'number') return undefined;
  if (typeof since !== 'string' || typeof nonce !== 'string') return undefined;
  const { host, pid, boot, startTicks } = owner;
  const job = decodeJob(owner['job']);
  return {
    owner: {
      host,
      pid,
      ...(typeof boot === 'string' ? { boot } : {}),
      ...(typeof startTicks === 'string' ? { startTicks } : {}),
      ...(job === undefined ? {} : { job }),
    },
    since,
    nonce,
  };
}

function decodeJob(value: unknown): ClusterJobName | undefined {
  const { cluster, id, user } = (value ?? {}) as Partial<ClusterJobName>;
  return typeof cluster === 'string' && typeof id === 'string' && typeof user === 'number'
    ? { cluster, id, user }
    : undefined;
}
