import { decodeActionBody, encodeActionResult } from '../action-codec.ts';
import type { ActionResult, SignedRecord } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import { actionPath } from '../local/store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { fingerprint, verifyResult } from './signature.ts';
import type { Signer, SigningKey } from './signature.ts';

/** Longer ones are none: a result is some hundred bytes. */
export const largestSignedBytes: number = 4 * 1024 * 1024;

export function signRecord(key: SigningKey, result: ActionResult): SignedRecord {
  const [body = ''] = encodeActionResult(result).split('\n');
  return { fingerprint: fingerprint(key.publicKey), text: `${body}\n${key.sign(body)}\n` };
}

export type OpenedRecord =
  | { readonly kind: 'trusted'; readonly signer: string; readonly result: ActionResult }
  /** Not what any of the signers has signed for this key. */
  | { readonly kind: 'refused' };

/** A right signature of another task's result is no answer to this one. */
export function openSigned(text: string, key: TaskKey, signers: readonly Signer[]): OpenedRecord {
  const [body = '', signature] = text.split('\n');
  const verdict = verifyResult(body, signature, signers);
  if (verdict.kind !== 'trusted') return { kind: 'refused' };
  const result = decodeActionBody(body);
  return result?.key === key ? { kind: 'trusted', signer: verdict.signer, result } : { kind: 'refused' };
}

/** The result of a record that nobody has verified; undefined where it is none. */
export function unverifiedResult(text: string): ActionResult | undefined {
  const [body = ''] = text.split('\n');
  try {
    return decodeActionBody(body);
  } catch {
    return undefined;
  }
}

/** Beside the plain result, under a name that tells whose it is: so nobody can take another's place. */
export function signedPath(folder: StoreFolder, key: TaskKey, of: string): string {
  return `${actionPath(folder, key)}.${of}`;
}
