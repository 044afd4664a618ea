import { decodeActionBody, encodeActionResult } from '../action-codec.ts';
import type { ActionResult, SignedRecord } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import { actionPath } from '../local/store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { fingerprint, signerOf } from './signature.ts';
import type { PublicKey, Signer, SigningKey } from './signature.ts';

/** Longer ones are none: a result is some hundred bytes. */
export const largestSignedBytes: number = 4 * 1024 * 1024;

export function signRecord(key: SigningKey, result: ActionResult): SignedRecord {
  const [body = ''] = encodeActionResult(result).split('\n');
  return { fingerprint: fingerprint(key.publicKey), text: `${body}\n${key.sign(body)}\n` };
}

/** What a record says, and whose signature is right; undefined where it is none of this key's results. */
export function readSigned(
  text: string,
  key: TaskKey,
): { readonly result: ActionResult; readonly signer: PublicKey } | undefined {
  const [body = '', signature] = text.split('\n');
  const signer = signerOf(body, signature);
  // Somebody may have signed what is no result at all.
  const result = signer === undefined ? undefined : unverifiedResult(text);
  // A right signature of another task's result is no answer to this one.
  return signer === undefined || result?.key !== key ? undefined : { result, signer };
}

/** The result of a record that one of some signers vouches for; undefined where none does. */
export function trustedResult(
  text: string,
  key: TaskKey,
  signers: readonly Signer[],
): ActionResult | undefined {
  const read = readSigned(text, key);
  return signers.some((each) => each.key === read?.signer) ? read?.result : undefined;
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
