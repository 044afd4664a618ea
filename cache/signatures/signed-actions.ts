import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sameOutputs } from '../action-codec.ts';
import type {
  ActionLookup,
  ActionPut,
  ActionPutOptions,
  ActionResult,
  ActionStore,
  LookupOptions,
  SignedRecord,
} from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import { askAnew } from '../local/ask-anew.ts';
import { actionPath, folderPath } from '../local/store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { guarded, isMissing } from '../system-error.ts';
import { fingerprint } from './signature.ts';
import type { Signer, SigningKey } from './signature.ts';
import { signedPath, signRecord, trustedResult } from './signed-record.ts';
import { writeSignedRecord } from './write-signed-record.ts';

export interface SignedActionParts {
  readonly base: ActionStore;
  /** Where signed results are looked for; the first is written to. */
  readonly folders: readonly [StoreFolder, ...(readonly StoreFolder[])];
  readonly demanded: boolean;
  readonly signers: readonly Signer[];
  readonly own: SigningKey | undefined;
  /** Told of each key whose result is there and not served, and why. */
  readonly onUntrusted: (key: TaskKey, why: string) => void;
}

/**
 * Results with signatures. Each member's own lies beside the result as `ac/ab/KEY.FINGERPRINT`: one line of the result's
 * canonical JSON, one line of its signature. So nobody can take another's place, and who asks for no signature is not concerned.
 */
export function signedActionStore(parts: SignedActionParts): ActionStore {
  const { base, demanded } = parts;
  if (!demanded) return { ...base, put: (result, options) => putAndSign(parts, result, options) };
  return {
    ...base,
    // An index that others write vouches for nothing.
    peek: () => undefined,
    changedSince: (mark) => new Set(Object.keys(mark)),
    get: (key, options) => getTrusted(parts, key, options),
    put: (result, options) => putTrusted(parts, result, options),
  };
}

async function getTrusted(
  parts: SignedActionParts,
  key: TaskKey,
  options: LookupOptions = {},
): Promise<ActionLookup> {
  const refused: string[] = [];
  if (options.anew === true)
    for (const folder of parts.folders) askAnew(folderPath(folder, 'ac'), dirname(actionPath(folder, key)));
  for (const signer of parts.signers) {
    for (const folder of parts.folders) {
      const path = signedPath(folder, key, fingerprint(signer.key));
      const text = await guarded(path, () => Promise.resolve(readIfThere(path)));
      if (typeof text === 'object') return text;
      if (text === undefined) continue;
      const result = trustedResult(text, key, [signer]);
      if (result !== undefined) return { kind: 'found', result };
      refused.push(`${path} is not what ${signer.name} has signed`);
    }
  }
  const unsigned = await parts.base.get(key, options);
  if (unsigned.kind === 'found')
    refused.push('nobody whose results you trust has signed the one that is there');
  if (refused.length > 0) parts.onUntrusted(key, refused.join('; '));
  return { kind: 'absent' };
}

/** The signed records of a key that lie here and are right: one's own and those of listed members. */
export async function signedRecordsOf(
  { folders, signers, own }: Pick<SignedActionParts, 'folders' | 'signers' | 'own'>,
  key: TaskKey,
): Promise<readonly SignedRecord[]> {
  const records = new Map<string, SignedRecord>();
  for (const signer of [...(own === undefined ? [] : [{ name: 'me', key: own.publicKey }]), ...signers]) {
    const of = fingerprint(signer.key);
    for (const folder of folders) {
      const path = signedPath(folder, key, of);
      const text = await guarded(path, () => Promise.resolve(readIfThere(path)));
      if (typeof text !== 'string' || trustedResult(text, key, [signer]) === undefined) continue;
      records.set(of, { fingerprint: of, text });
      break;
    }
  }
  return [...records.values()];
}

/** What is there unsigned, or signed by others, is nothing to adopt. */
async function putTrusted(
  parts: SignedActionParts,
  result: ActionResult,
  options?: ActionPutOptions,
): Promise<ActionPut> {
  const standing = await getTrusted({ ...parts, onUntrusted: () => undefined }, result.key);
  if (standing.kind === 'store-failure') return standing;
  if (standing.kind === 'found')
    return { kind: 'exists', same: sameOutputs(standing.result, result), existing: standing.result };
  const put = await parts.base.put(result, options);
  if (put.kind === 'store-failure') return put;
  return (await writeSigned(parts, result, options)) ?? { kind: 'stored' };
}

/** Whoever has come to the same outputs vouches for them as well. */
async function putAndSign(
  parts: SignedActionParts,
  result: ActionResult,
  options?: ActionPutOptions,
): Promise<ActionPut> {
  const put = await parts.base.put(result, options);
  if (put.kind === 'store-failure' || (put.kind === 'exists' && !put.same)) return put;
  return (await writeSigned(parts, result, options)) ?? put;
}

/** The failure, if there was one. What others have made keeps their signatures, and gets none of ours. */
async function writeSigned(
  { own, folders: [folder] }: SignedActionParts,
  result: ActionResult,
  { synced = true, foreign = false, signed = [] }: ActionPutOptions = {},
): Promise<ActionPut | undefined> {
  const records = foreign || own === undefined ? signed : [signRecord(own, result)];
  for (const record of records) {
    const failure = await writeSignedRecord(folder, { key: result.key, record, synced });
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
