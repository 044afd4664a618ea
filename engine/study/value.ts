import type { Json } from '../../cache/json.ts';
import type { DataReference, Reference } from './reference.ts';
import { isDataReference, isReference } from './reference.ts';

/** What an expression may yield: JSON, with references in it. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Reference
  | DataReference
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Returned where something was wrong and has been reported. */
export const failed: unique symbol = Symbol('failed');
export type Failed = typeof failed;

export function isAnyReference(value: Value): value is Reference | DataReference {
  return isReference(value) || isDataReference(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isRecord(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !isList(value) && !isAnyReference(value);
}

/** The value as JSON; undefined where a reference is in it. */
export function asJson(value: Value): Json | undefined {
  return holdsReference(value) ? undefined : (value as Json);
}

function holdsReference(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isList(value)) return value.some(holdsReference);
  return isAnyReference(value) || Object.values(value).some(holdsReference);
}

/** Whether a text holds no half of a surrogate pair: what does cannot be hashed. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** For messages: `the number 1.5`, `the text 'x'`, `a list`. */
export function describeValue(value: Value): string {
  if (value === null) return 'null';
  if (isReference(value)) return `a reference (${value.type})`;
  if (isDataReference(value)) return `the data set '${value.data}'`;
  if (isList(value)) return 'a list';
  switch (typeof value) {
    case 'number':
      return `the number ${value}`;
    case 'string':
      return value.length > 40 ? 'a text' : `the text '${value}'`;
    case 'boolean':
      return String(value);
    default:
      return 'a mapping';
  }
}
