import type { Json } from './json.ts';

/** Deeper than anything written by hand, shallower than what the stack bears. Also what stops a cycle. */
const maximumDepth = 500;

/** Where a value cannot be hashed, and why. `path` leads to it from the root. */
export interface JsonProblem {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

/**
 * The one text of a JSON value (RFC 8785): no white space, keys in UTF-16 code-unit order, numbers as ECMAScript
 * prints them. Whatever has no single text is refused: NaN, infinities, integers beyond 2^53 - 1, lone surrogates,
 * `undefined` and anything that is not plain data. Refusal is a thrown TypeError, because callers check what comes from
 * outside beforehand, with `jsonProblem`.
 */
export function canonicalJson(value: Json): string {
  return write(value, []);
}

/** Why `canonicalJson` would refuse `value`; undefined where it would not. */
export function jsonProblem(value: unknown): JsonProblem | undefined {
  try {
    write(value, []);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return { path: error.at, problem: error.problem };
    throw error;
  }
}

class Refusal extends TypeError {
  readonly at: readonly (string | number)[];
  readonly problem: string;
  constructor(at: readonly (string | number)[], problem: string) {
    super(`${at.length === 0 ? 'the value' : at.join('.')}: ${problem}`);
    this.at = at;
    this.problem = problem;
  }
}

function write(value: unknown, at: (string | number)[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value, at);
  if (typeof value === 'string') return writeString(value, at);
  if (typeof value !== 'object') throw new Refusal([...at], `${typeof value} is not JSON`);
  if (at.length >= maximumDepth) throw new Refusal([...at], 'nested too deeply, or in a cycle');
  return Array.isArray(value) ? writeArray(value, at) : writeObject(value, at);
}

function writeNumber(value: number, at: readonly (string | number)[]): string {
  if (!Number.isFinite(value)) throw new Refusal([...at], `${value} is not JSON`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new Refusal([...at], `the integer ${value} is beyond 2^53 - 1, so it may stand for several`);
  }
  // RFC 8785, 3.2.2.3: ECMAScript's own formatting, in which -0 is 0.
  return String(value);
}

function writeString(value: string, at: readonly (string | number)[]): string {
  // With the `u` flag, this matches only those that are not half of a pair.
  if (/\p{Surrogate}/u.test(value)) throw new Refusal([...at], 'a lone surrogate is not text');
  // RFC 8785, 3.2.2.2 prescribes just the escapes that JSON.stringify uses.
  return JSON.stringify(value);
}

function writeArray(value: readonly unknown[], at: (string | number)[]): string {
  const parts: string[] = [];
  for (let index = 0; index < value.length; index++) {
    at.push(index);
    parts.push(write(value[index], at));
    at.pop();
  }
  return `[${parts.join(',')}]`;
}

function writeObject(value: object, at: (string | number)[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Refusal([...at], 'only plain objects are JSON');
  }
  const parts: string[] = [];
  // The default order of `sort` is that of UTF-16 code units, as RFC 8785, 3.2.3 asks.
  for (const key of Object.keys(value).sort()) {
    at.push(key);
    parts.push(`${writeString(key, at)}:${write((value as Record<string, unknown>)[key], at)}`);
    at.pop();
  }
  return `{${parts.join(',')}}`;
}
