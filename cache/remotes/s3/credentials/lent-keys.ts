import { keyOf, noKey, unusable } from './found-key.ts';
import type { FoundKey } from './found-key.ts';

/**
 * Keys as programs (`credential_process`, version 1) and the endpoints of containers and instances lend them, in JSON. Sources: "Sourcing
 * credentials with an external process" of the AWS SDKs' reference, "Container credential provider", "Retrieve security credentials from
 * instance metadata". What is wrong is said without a word of it.
 */
export function lentKey(text: string, where: string, nowMs: number): FoundKey {
  const said = objectIn(text);
  if (said === undefined) return unusable(`${where} does not answer with credentials in JSON`);
  const field = (name: string): string | undefined => {
    const value = said[name];
    return typeof value === 'string' ? value : undefined;
  };
  const token = field('SessionToken') ?? field('Token');
  const found = keyOf({ id: field('AccessKeyId'), secret: field('SecretAccessKey'), token }, where);
  if (found === noKey) return unusable(`${where} has no credentials in its answer`);
  const until = field('Expiration');
  if (found.kind !== 'key' || until === undefined || until === '') return found;
  const expiresMs = Date.parse(until);
  if (Number.isNaN(expiresMs)) return unusable(`${where} has an Expiration that is no time`);
  if (expiresMs <= nowMs) return unusable(`${where} has credentials that have expired: log in anew`);
  return { ...found, expiresMs };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
