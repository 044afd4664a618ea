import type { Node, Pair } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Findings } from './findings.ts';
import type { Located, LocatedEntry, LocatedMap } from './located.ts';
import { isRefusedKey } from './located.ts';
import type { Source, Span } from './source.ts';
import { isWellFormed } from './value.ts';

export const deepest = 64;
const mostNodes = 300_000;
/** How many nodes aliases may add in all: enough for anchors, too few for a billion laughs. */
const mostAliasedNodes = 100_000;
/** A text with so many errors is not read to its end. */
const mostFindings = 1000;
/** What YAML's core schema resolves by itself; the library knows more (`!!binary`, `!!timestamp`), and JSON does not. */
const coreTags = new Set(
  ['map', 'seq', 'str', 'int', 'float', 'bool', 'null'].map((tag) => `tag:yaml.org,2002:${tag}`),
);

/** YAML's tree -> ours: aliases and merge keys resolved, keys checked, in time linear in what comes out. */
export function convertTree(root: Node, source: Source, findings: Findings): Located | undefined {
  return new Conversion(source, findings).run(root);
}

class Conversion {
  readonly #source: Source;
  readonly #findings: Findings;
  readonly #anchors = new Map<string, { readonly node: Located; readonly size: number }>();
  #nodes = 0;
  #aliased = 0;
  #stopped = false;

  constructor(source: Source, findings: Findings) {
    this.#source = source;
    this.#findings = findings;
  }

  run(root: Node): Located | undefined {
    const tree = this.#convert(root, 0);
    return this.#stopped ? undefined : tree;
  }

  #convert(node: Node | null, depth: number, at = 0): Located {
    const span = this.#spanOf(node, at);
    this.#nodes++;
    if (this.#stopped || this.#findings.spans.length > mostFindings) return nothing(span);
    if (depth > deepest) return this.#stop('too-deep', span, `nested more than ${deepest} levels deep`);
    if (this.#nodes > mostNodes) {
      return this.#stop('too-large', span, `more than ${mostNodes} values in one study`);
    }
    if (node === null) return nothing(span);
    if (isAlias(node)) return this.#alias(node.source, span);
    if (node.tag !== undefined && !coreTags.has(node.tag)) {
      this.#findings.report({
        code: 'unknown-tag',
        span,
        message: 'tags have no meaning in a study',
        hint: 'leave the tag out, or quote the value',
      });
    }
    const before = this.#nodes;
    const located = this.#content(node, span, depth);
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, { node: located, size: this.#nodes - before + 1 });
    }
    return located;
  }

  #content(node: Node, span: Span, depth: number): Located {
    if (isMap(node)) return this.#map(node.items as Pair<Node, Node | null>[], span, depth);
    if (isSeq(node)) {
      const items = node.items as (Node | null)[];
      return { kind: 'list', items: items.map((item) => this.#convert(item, depth + 1, span.start)), span };
    }
    return this.#scalar(isScalar(node) ? node.value : undefined, span);
  }

  #scalar(value: unknown, span: Span): Located {
    switch (typeof value) {
      case 'string':
        this.#checkText(value, span);
        return { kind: 'scalar', value, span };
      case 'boolean':
        return { kind: 'scalar', value, span };
      case 'number':
        if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
          this.#findings.report({
            code: 'bad-number',
            span,
            message: 'a number has to be finite, and an integer at most 2^53',
            hint: 'quote it if it is a name: "…"',
          });
        }
        return { kind: 'scalar', value, span };
      default:
        return nothing(span);
    }
  }

  /** Half a surrogate pair has no UTF-8, and so no digest; YAML's escapes can write it. */
  #checkText(text: string, span: Span): void {
    if (isWellFormed(text)) return;
    this.#findings.report({
      code: 'bad-text',
      span,
      message: 'this text holds half a surrogate pair, which stands for no character',
      hint: 'write the character itself, or as \\UXXXXXXXX',
    });
  }

  #alias(name: string, span: Span): Located {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.#findings.report({
        code: 'unknown-anchor',
        span,
        message: `no anchor '&${name}' stands before this alias`,
        hint: 'quote the value if it is text that starts with *',
      });
      return nothing(span);
    }
    this.#aliased += target.size;
    this.#nodes += target.size;
    if (this.#aliased > mostAliasedNodes) {
      return this.#stop('too-large', span, `aliases expand to more than ${mostAliasedNodes} values`);
    }
    return target.node;
  }

  #map(pairs: readonly Pair<Node, Node | null>[], span: Span, depth: number): LocatedMap {
    const entries = new Map<string, LocatedEntry>();
    const merged: LocatedMap[] = [];
    for (const pair of pairs) {
      const key = this.#spanOf(pair.key, span.start);
      const name = this.#keyName(pair.key, key);
      if (name === undefined) continue;
      const value = this.#convert(pair.value, depth + 1, key.end);
      if (name === '<<') {
        merged.push(...this.#mergeSources(value));
        continue;
      }
      const earlier = entries.get(name);
      if (earlier !== undefined && this.#findings.spans.length > mostFindings)
        return { kind: 'map', entries, span };
      if (earlier !== undefined) {
        this.#findings.report({
          code: 'duplicate-key',
          span: key,
          message: `'${name}' is there twice`,
          hint: 'keep one of them',
          related: [{ span: earlier.key, note: 'first here' }],
        });
        continue;
      }
      entries.set(name, { key, value });
    }
    for (const other of merged) {
      for (const [name, entry] of other.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return { kind: 'map', entries, span };
  }

  #mergeSources(value: Located): readonly LocatedMap[] {
    const sources = value.kind === 'list' ? value.items : [value];
    return sources.filter((source): source is LocatedMap => {
      if (source.kind === 'map') {
        this.#aliased += source.entries.size;
        this.#nodes += source.entries.size;
        return true;
      }
      this.#findings.report({
        code: 'bad-merge',
        span: source.span,
        message: '`<<` merges a mapping, or a list of mappings',
      });
      return false;
    });
  }

  #keyName(key: Node | null, span: Span): string | undefined {
    if (isScalar(key)) {
      const name = typeof key.value === 'string' ? key.value : key.source;
      if (name !== undefined && !isRefusedKey(name)) {
        this.#checkText(name, span);
        return name;
      }
    }
    const isRefused = isScalar(key) && typeof key.value === 'string';
    this.#findings.report({
      code: 'bad-key',
      span,
      message: isRefused ? `'${String(key.value)}' cannot be a key` : 'a key has to be a plain word',
      hint: isRefused
        ? 'take another name: JavaScript gives this one a meaning'
        : 'quote it if it is one word',
    });
    return undefined;
  }

  #spanOf(node: Node | null, at: number): Span {
    const range = node?.range;
    if (!range) return { source: this.#source, start: at, end: at + 1 };
    return { source: this.#source, start: range[0], end: Math.max(range[1], range[0] + 1) };
  }

  #stop(code: string, span: Span, message: string): Located {
    if (!this.#stopped) this.#findings.report({ code, span, message });
    this.#stopped = true;
    return nothing(span);
  }
}

function nothing(span: Span): Located {
  return { kind: 'scalar', value: null, span };
}
