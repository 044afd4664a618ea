import type { Json, JsonObject } from '../../cache/json.ts';
import type { Span } from './source.ts';

/** A YAML value that remembers where it was written. Aliases are shared nodes. */
export type Located = LocatedScalar | LocatedList | LocatedMap;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  readonly span: Span;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly span: Span;
}

export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, LocatedEntry>;
  readonly span: Span;
}

export interface LocatedEntry {
  readonly key: Span;
  readonly value: Located;
}

const refusedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether JavaScript gives a key a meaning of its own. */
export function isRefusedKey(name: string): boolean {
  return refusedKeys.has(name);
}

export function toJson(node: Located): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'map':
      return mapToJson(node);
  }
}

function mapToJson(node: LocatedMap): JsonObject {
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toJson(entry.value)]));
}

export function entryOf(node: Located | undefined, key: string): LocatedEntry | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined;
}

export function valueOf(node: Located | undefined, key: string): Located | undefined {
  return entryOf(node, key)?.value;
}

export function mapOf(node: Located | undefined, key: string): LocatedMap | undefined {
  const value = valueOf(node, key);
  return value?.kind === 'map' ? value : undefined;
}

/** A string field, with where it stands. Undefined where it is absent or something else. */
export function stringOf(
  node: Located | undefined,
  key: string,
): { readonly value: string; readonly span: Span } | undefined {
  const value = valueOf(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'string'
    ? { value: value.value, span: value.span }
    : undefined;
}

/** The deepest node on a path, and the key that leads to it. */
export function locate(
  root: Located,
  path: readonly (string | number)[],
): { readonly node: Located; readonly key: Span | undefined } {
  let node = root;
  let key: Span | undefined;
  for (const step of path) {
    if (node.kind === 'map') {
      const entry = node.entries.get(String(step));
      if (entry === undefined) break;
      ({ key, value: node } = entry);
    } else if (node.kind === 'list') {
      const item = node.items[Number(step)];
      if (item === undefined) break;
      key = undefined;
      node = item;
    } else break;
  }
  return { node, key };
}
