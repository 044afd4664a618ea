import { canonicalJson } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import type { Json } from './json.ts';

/**
 * The text of a small record that tells by itself whether it is whole: one line of canonical JSON, one line with its
 * SHA-256. `head -n 1 FILE` shows the record.
 */
export function sealRecord(value: Json): string {
  const body = canonicalJson(value);
  return `${body}\n${digestOf(body)}\n`;
}

/** The value of a sealed record, or undefined where as much as one bit of the text has changed. */
export function openRecord(text: string): { readonly value: Json } | undefined {
  const body = sealedBody(text);
  return body === undefined ? undefined : { value: JSON.parse(body) as Json };
}

/** The record's line without its seal; undefined where the seal does not fit. */
export function sealedBody(text: string): string | undefined {
  const end = text.indexOf('\n');
  if (end === -1) return undefined;
  const body = text.slice(0, end);
  return text.slice(end + 1) === `${digestOf(body)}\n` ? body : undefined;
}
