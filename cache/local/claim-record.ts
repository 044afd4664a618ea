import { readFileSync } from 'node:fs';
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

/**
 * `empty` or `unreadable` where the file is there but not what was written; undefined where there is none (any more). Empty is
 * what a power cut leaves: a claim has its text before it has its name.
 */
export function readClaim(path: string): ClaimRecord | 'empty' | 'unreadable' | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return decodeClaim(text) ?? (isEmpty(text) ? 'empty' : 'unreadable');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function ownerOf(number: number, record: ClaimRecord): ClaimOwner {
  return { number, host: record.owner.host, pid: record.owner.pid, since: record.since };
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
