import { readFile } from 'node:fs/promises';
import { parseTaskKey } from '../digest.ts';
import type { TaskKey } from '../digest.ts';
import type { ClaimOwner } from '../claim-store.ts';
import type { JsonObject } from '../json.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { openRecord, sealRecord } from '../sealed-record.ts';
import { errorCode } from '../system-error.ts';

/** What a claim's file says. */
export interface ClaimRecord {
  readonly owner: ProcessIdentity;
  /** ISO 8601, by the owner's clock. */
  readonly since: string;
  /** Names this very claim, and its heartbeat. */
  readonly nonce: string;
}

/** The number and key in a claim file's name, `KEY.n`. */
export function parseClaimName(name: string): { readonly key: TaskKey; readonly number: number } | undefined {
  const [keyText = '', numberText = '', ...rest] = name.split('.');
  const key = parseTaskKey(keyText);
  if (key === undefined || rest.length > 0 || !/^[1-9][0-9]{0,8}$/.test(numberText)) return undefined;
  return { key, number: Number(numberText) };
}

export function encodeClaim({ owner, since, nonce }: ClaimRecord): string {
  return sealRecord({ owner: { ...owner }, since, nonce });
}

/** `unreadable` where the file is there but damaged; undefined where there is none (any more). */
export async function readClaim(path: string): Promise<ClaimRecord | 'unreadable' | undefined> {
  try {
    return decodeClaim(await readFile(path, 'utf8')) ?? 'unreadable';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function ownerOf(number: number, record: ClaimRecord): ClaimOwner {
  return { number, host: record.owner.host, pid: record.owner.pid, since: record.since };
}

function decodeClaim(text: string): ClaimRecord | undefined {
  const value = openRecord(text)?.value as JsonObject | undefined;
  const owner = value?.['owner'] as JsonObject | undefined;
  const since = value?.['since'];
  const nonce = value?.['nonce'];
  if (typeof owner?.['host'] !== 'string' || typeof owner['pid'] !== 'number') return undefined;
  if (typeof since !== 'string' || typeof nonce !== 'string') return undefined;
  const { host, pid, boot, startTicks } = owner;
  return {
    owner: {
      host,
      pid,
      ...(typeof boot === 'string' ? { boot } : {}),
      ...(typeof startTicks === 'string' ? { startTicks } : {}),
    },
    since,
    nonce,
  };
}
