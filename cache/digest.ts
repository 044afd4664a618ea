import { hash } from 'node:crypto';

declare const digestBrand: unique symbol;
declare const taskKeyBrand: unique symbol;

/** SHA-256 of some bytes, as 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly [digestBrand]: true };

/** SHA-256 of a task's action (its canonical JSON). Addresses the action store. */
export type TaskKey = string & { readonly [taskKeyBrand]: true };

const hexPattern = /^[0-9a-f]{64}$/;

export function digestOf(content: Uint8Array | string): Digest {
  return hash('sha256', content, 'hex') as Digest;
}

/** The digest written in `text`, or undefined where it is not one. */
export function parseDigest(text: string): Digest | undefined {
  return hexPattern.test(text) ? (text as Digest) : undefined;
}

/** The task key that is the digest of an action's canonical JSON. */
export function taskKeyOf(actionDigest: Digest): TaskKey {
  return actionDigest as string as TaskKey;
}

export function parseTaskKey(text: string): TaskKey | undefined {
  return hexPattern.test(text) ? (text as TaskKey) : undefined;
}
