import { mayHoldExpression } from './expression-text.ts';
import type { Located } from './located.ts';
import type { Value } from './value.ts';

/** A value of `with` or `resources`, or a default for it; earlier layers win. */
export interface Layer<Scope> {
  readonly node: Located;
  readonly scope: Scope;
}

/**
 * Mappings laid over each other key by key: the first layer that has a key wins, and anything but a mapping covers what is
 * below. Read once, however many instances are made of it.
 */
export class Layered<Scope> {
  readonly layers: readonly Layer<Scope>[];
  #entries: ReadonlyMap<string, Layered<Scope>> | undefined;
  #constant: { readonly value: Value | undefined } | undefined;

  constructor(layers: readonly Layer<Scope>[]) {
    this.layers = layers;
  }

  get nodes(): readonly Located[] {
    return this.layers.map(({ node }) => node);
  }

  /** What is under each key; empty where the first layer is not a mapping. */
  get entries(): ReadonlyMap<string, Layered<Scope>> {
    return (this.#entries ??= this.#readEntries());
  }

  /** The value where no expression is in it: all instances share it. Undefined where there is one. */
  get constant(): Value | undefined {
    this.#constant ??= { value: this.#readConstant() };
    return this.#constant.value;
  }

  #readEntries(): ReadonlyMap<string, Layered<Scope>> {
    const entries = new Map<string, Layered<Scope>>();
    const [top, ...below] = this.layers;
    if (top?.node.kind !== 'map') return entries;
    for (const layer of this.layers) {
      if (layer.node.kind !== 'map') continue;
      for (const [key, { value }] of layer.node.entries) {
        if (entries.has(key)) continue;
        const isAlone = below.length === 0 || value.kind !== 'map';
        const scope = layer.scope;
        entries.set(key, new Layered(isAlone ? [{ node: value, scope }] : this.#under(key)));
      }
    }
    return entries;
  }

  /** What the layers say under a key, down to the first that is not a mapping. */
  #under(key: string): readonly Layer<Scope>[] {
    const under: Layer<Scope>[] = [];
    for (const { node, scope } of this.layers) {
      const value = node.kind === 'map' ? node.entries.get(key)?.value : undefined;
      if (value === undefined) continue;
      if (value.kind !== 'map' && under.length > 0) break;
      under.push({ node: value, scope });
      if (value.kind !== 'map') break;
    }
    return under;
  }

  #readConstant(): Value | undefined {
    const top = this.layers[0]?.node;
    if (top === undefined) return {};
    if (top.kind !== 'map') return constantOf(top);
    const values: { [key: string]: Value } = {};
    for (const [key, under] of this.entries) {
      const value = under.constant;
      if (value === undefined) return undefined;
      values[key] = value;
    }
    return values;
  }
}

/** Undefined where an expression is in it. */
function constantOf(node: Located): Value | undefined {
  switch (node.kind) {
    case 'scalar':
      return mayHoldExpression(node.value) ? undefined : node.value;
    case 'list': {
      const items: Value[] = [];
      for (const item of node.items) {
        const value = constantOf(item);
        if (value === undefined) return undefined;
        items.push(value);
      }
      return items;
    }
    case 'map': {
      const values: { [key: string]: Value } = {};
      for (const [key, entry] of node.entries) {
        const value = constantOf(entry.value);
        if (value === undefined) return undefined;
        values[key] = value;
      }
      return values;
    }
  }
}
