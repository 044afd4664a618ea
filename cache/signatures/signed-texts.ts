import { readFileSync } from 'node:fs';
import { decodeActionBody } from '../action-codec.ts';
import type { ActionResult } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { namesIn } from '../local/names-in.ts';
import { actionPath } from '../local/store-folder.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { Store, StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';
import { fingerprint, signerOf, verifyResult } from './signature.ts';
import type { PublicKey, Signer } from './signature.ts';

/** A result as somebody has signed it: a line of its canonical JSON, a line of the signature. */
export interface SignedText {
  /** Of the signer's key. */
  readonly fingerprint: string;
  readonly text: string;
}

/** Every signed text of a key's result, by fingerprint, whoever has signed it. Not verified. */
export function signedTexts(
  { root, below, sharing }: Store,
  key: TaskKey,
): Promise<readonly SignedText[] | StoreFailure> {
  return guarded<readonly SignedText[] | StoreFailure>(root, async () => {
    const found = new Map<string, string>();
    for (const each of below === undefined ? [root] : [below, root]) {
      const path = actionPath({ root: each, sharing }, key);
      const folder = path.slice(0, path.lastIndexOf('/'));
      for (const name of await namesIn(folder)) {
        const print = name.startsWith(`${key}.`) ? name.slice(key.length + 1) : '';
        if (/^[0-9a-f]{16}$/.test(print)) found.set(print, readFileSync(`${folder}/${name}`, 'utf8'));
      }
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([print, text]) => ({ fingerprint: print, text }));
  });
}

/** What a signed text says, and whose signature is right; undefined where it is none of this key's results. */
export function openSigned(
  text: string,
  key: TaskKey,
): { readonly result: ActionResult; readonly signer: PublicKey } | undefined {
  const [body = '', signature] = text.split('\n');
  const signer = signerOf(body, signature);
  const result = signer === undefined ? undefined : decodeActionBody(body);
  return signer === undefined || result?.key !== key ? undefined : { result, signer };
}

/** The first of some signed texts that somebody listed vouches for. */
export function trustedAmong(
  texts: readonly string[],
  { key, signers }: { readonly key: TaskKey; readonly signers: readonly Signer[] },
): ActionResult | undefined {
  for (const text of texts) {
    const [body = '', signature] = text.split('\n');
    const opened = openSigned(text, key);
    if (opened !== undefined && verifyResult(body, signature, signers).kind === 'trusted')
      return opened.result;
  }
  return undefined;
}

/** Lays a signed text where whoever demands signatures looks for it, unless its signer has one there. */
export function keepSigned(
  folder: StoreFolder,
  { text, key, signer }: { readonly text: string; readonly key: TaskKey; readonly signer: PublicKey },
): Promise<StoreFailure | undefined> {
  const path = `${actionPath(folder, key)}.${fingerprint(signer)}`;
  return guarded<StoreFailure | undefined>(path, async () => {
    using temporary = await TemporaryFile.write(folder, path.slice(0, path.lastIndexOf('/')), text);
    temporary.syncNow();
    temporary.linkTo(path);
    return undefined;
  });
}
