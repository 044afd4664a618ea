import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import type { Json } from '../json.ts';

/** The public half of a member's key (RFC 8032), as people hand it on: `ed25519:` and 32 bytes in base64. */
export type PublicKey = string & { readonly publicKey: unique symbol };

/** Somebody whose results are believed. */
export interface Signer {
  readonly name: string;
  readonly key: PublicKey;
}

export type Verdict =
  | { readonly kind: 'trusted'; readonly signer: string }
  | { readonly kind: 'unsigned' }
  /** The signature is right, or may be: it is of nobody who is listed. */
  | { readonly kind: 'unknown-signer'; readonly key: PublicKey }
  /** Not a signature of these bytes. */
  | { readonly kind: 'wrong' };

const prefix = 'ed25519:';
/** What is signed says what it is, so that a signature of anything else cannot be shown for a result. */
const purpose = 'sweetspot result 1\n';
/** Of the DER forms of such keys (RFC 8410): all that stands before the 32 bytes. */
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex');

export function parsePublicKey(text: string): PublicKey | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const bytes = Buffer.from(text.slice(prefix.length), 'base64');
  return bytes.length === 32 && `${prefix}${bytes.toString('base64')}` === text
    ? (text as PublicKey)
    : undefined;
}

/** A new private key as PKCS #8 PEM text. */
export function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Signs results as one member. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  /** The text of a signature of a result's canonical JSON. */
  sign(result: string): string;
}

/** Undefined where the text is no private key of this sort. */
export function openSigningKey(pem: string): SigningKey | undefined {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return undefined;
  }
  if (key.asymmetricKeyType !== 'ed25519') return undefined;
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const publicKey = `${prefix}${spki.subarray(spkiHeader.length).toString('base64')}` as PublicKey;
  return {
    publicKey,
    sign: (result) => {
      const signature = sign(null, Buffer.from(purpose + result), key).toString('base64');
      return canonicalJson({ format: 1, key: publicKey, signature });
    },
  };
}

/**
 * Whether a result (its canonical JSON, as it is stored or came over the network) is one that a listed member vouches for.
 * `signature`: its text, undefined where there is none.
 */
export function verifyResult(
  result: string,
  signature: string | undefined,
  signers: readonly Signer[],
): Verdict {
  if (signature === undefined) return { kind: 'unsigned' };
  const parsed = parseSignature(signature);
  if (parsed === undefined) return { kind: 'wrong' };
  const { key, bytes } = parsed;
  const signer = signers.find((each) => each.key === key);
  if (signer === undefined) return { kind: 'unknown-signer', key };
  return verify(null, Buffer.from(purpose + result), keyObject(key), bytes)
    ? { kind: 'trusted', signer: signer.name }
    : { kind: 'wrong' };
}

/** Whose signature of a result this is; undefined where it is not right, whoever it should be of. */
export function signerOf(result: string, signature: string | undefined): PublicKey | undefined {
  const parsed = signature === undefined ? undefined : parseSignature(signature);
  if (parsed === undefined) return undefined;
  const { key, bytes } = parsed;
  return verify(null, Buffer.from(purpose + result), keyObject(key), bytes) ? key : undefined;
}

/** Short, for the name of a file: 64 bits tell the members of a team apart, and what lies there is verified anyway. */
export function fingerprint(key: PublicKey): string {
  return digestOf(key).slice(0, 16);
}

function keyObject(key: PublicKey): KeyObject {
  const raw = Buffer.from(key.slice(prefix.length), 'base64');
  return createPublicKey({ key: Buffer.concat([spkiHeader, raw]), format: 'der', type: 'spki' });
}

function parseSignature(text: string): { readonly key: PublicKey; readonly bytes: Buffer } | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { format, key, signature } = value as { readonly [field: string]: Json };
  if (format !== 1 || typeof key !== 'string' || typeof signature !== 'string') return undefined;
  const publicKey = parsePublicKey(key);
  return publicKey === undefined ? undefined : { key: publicKey, bytes: Buffer.from(signature, 'base64') };
}
