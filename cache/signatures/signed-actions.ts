import { readFileSync } from 'node:fs';
import { decodeActionBody, encodeActionResult, sameOutputs } from '../action-codec.ts';
import type {
  ActionLookup,
  ActionPut,
  ActionPutOptions,
  ActionResult,
  ActionStore,
} from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import { actionPath } from '../local/store-folder.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode, guarded } from '../system-error.ts';
import { fingerprint, verifyResult } from './signature.ts';
import type { PublicKey, Signer, SigningKey } from './signature.ts';

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
    get: (key) => getTrusted(parts, key),
    put: (result, options) => putTrusted(parts, result, options),
  };
}

async function getTrusted(parts: SignedActionParts, key: TaskKey): Promise<ActionLookup> {
  const refused: string[] = [];
  for (const { key: signer, name } of parts.signers) {
    for (const folder of parts.folders) {
      const path = signedPath(folder, key, signer);
      const text = await guarded(path, () => Promise.resolve(readIfThere(path)));
      if (typeof text === 'object') return text;
      if (text === undefined) continue;
      const [body = '', signature] = text.split('\n');
      const verdict = verifyResult(body, signature, parts.signers);
      const result = verdict.kind === 'trusted' ? decodeActionBody(body) : undefined;
      // A right signature of another task's result is no answer to this one.
      if (result?.key === key) return { kind: 'found', result };
      refused.push(`${path} is not what ${name} has signed`);
    }
  }
  const unsigned = await parts.base.get(key);
  if (unsigned.kind === 'found')
    refused.push('nobody whose results you trust has signed the one that is there');
  if (refused.length > 0) parts.onUntrusted(key, refused.join('; '));
  return { kind: 'absent' };
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

/** The failure, if there was one. */
async function writeSigned(
  { own, folders: [folder] }: SignedActionParts,
  result: ActionResult,
  { synced = true, foreign = false }: ActionPutOptions = {},
): Promise<ActionPut | undefined> {
  if (own === undefined || foreign) return undefined;
  const [body = ''] = encodeActionResult(result).split('\n');
  const path = signedPath(folder, result.key, own.publicKey);
  return await guarded<ActionPut | undefined>(path, async () => {
    const dir = path.slice(0, path.lastIndexOf('/'));
    using temporary = await TemporaryFile.write(folder, dir, `${body}\n${own.sign(body)}\n`);
    if (synced) temporary.syncNow();
    else temporary.leaveUnsynced();
    // In place of what was there: that has just been found wanting, or is our own of the same outputs.
    if (synced) await temporary.renameTo(path);
    else await temporary.nameAs(path);
    return undefined;
  });
}

function signedPath(folder: StoreFolder, key: TaskKey, signer: PublicKey): string {
  return `${actionPath(folder, key)}.${fingerprint(signer)}`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
