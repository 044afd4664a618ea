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
  // A plan writes thousands of these: only what is refused is gone through again with the path at hand.
  return writeFast(value, 0) ?? write(value, []);
}

/** The text, or undefined where `write` has to say what is wrong. */
function writeFast(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return isExact(value) ? String(value) : undefined;
    case 'object':
      if (value === null) return 'null';
      if (depth >= maximumDepth) return undefined;
      return Array.isArray(value) ? writeArrayFast(value, depth + 1) : writeObjectFast(value, depth + 1);
    default:
      return undefined;
  }
}

function writeArrayFast(items: readonly unknown[], depth: number): string | undefined {
  let text = '[';
  for (let index = 0; index < items.length; index++) {
    const item = writeFast(items[index], depth);
    if (item === undefined) return undefined;
    text += index === 0 ? item : `,${item}`;
  }
  return `${text}]`;
}

function writeObjectFast(value: object, depth: number): string | undefined {
  if (!isPlain(value)) return undefined;
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    const name = quote(key);
    const member = writeFast((value as Record<string, unknown>)[key], depth);
    if (name === undefined || member === undefined) return undefined;
    text += text.length === 1 ? `${name}:${member}` : `,${name}:${member}`;
  }
  return `${text}}`;
}

/** RFC 8785, 3.2.2.2 prescribes just the escapes that JSON.stringify uses; undefined where half of a pair is in it. */
function quote(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  // JSON.stringify escapes such halves, so only then is there anything to look for.
  return quoted.includes('\\ud') && loneSurrogate.test(text) ? undefined : quoted;
}

/** With the `u` flag, this matches only those that are not half of a pair. */
const loneSurrogate = /\p{Surrogate}/u;

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
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
  if (loneSurrogate.test(value)) throw new Refusal([...at], 'a lone surrogate is not text');
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
  if (!isPlain(value)) throw new Refusal([...at], 'only plain objects are JSON');
  const parts: string[] = [];
  // The default order of `sort` is that of UTF-16 code units, as RFC 8785, 3.2.3 asks.
  for (const key of Object.keys(value).sort()) {
    at.push(key);
    parts.push(`${writeString(key, at)}:${write((value as Record<string, unknown>)[key], at)}`);
    at.pop();
  }
  return `{${parts.join(',')}}`;
}
