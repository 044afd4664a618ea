import type { StateEntry } from '../models/network.ts';
import { prunableEntries } from './masks.ts';

/** The names by which a study may include what is not prunable by itself. */
export const optionalGroups: readonly string[] = ['attention-in-projection'];

/** Which of a model's prunable weights a pruning may touch. */
export interface Scope {
  /** Optional groups that are pruned too. */
  readonly include: readonly string[];
  /**
   * Layers that stay as they are: names of modules (`fc`; `layer1` with all that is in it), `*` standing for any part of a
   * name between dots.
   */
  readonly exclude: readonly string[];
}

export type ScopeResult =
  | { readonly kind: 'scope'; readonly entries: readonly StateEntry[] }
  | { readonly kind: 'unknown-group'; readonly index: number; readonly group: string }
  | {
      readonly kind: 'unknown-layer';
      readonly index: number;
      readonly pattern: string;
      /** Names of the layers that there are. */
      readonly layers: readonly string[];
    };

/** The entries in scope; or which part of the scope names nothing of the model. */
export function entriesInScope(entries: readonly StateEntry[], { include, exclude }: Scope): ScopeResult {
  const unknown = include.findIndex((group) => !entries.some((entry) => entry.group === group));
  if (unknown >= 0) return { kind: 'unknown-group', index: unknown, group: include[unknown]! };
  const candidates = prunableEntries(entries, include);
  const tests = exclude.map(layerTest);
  const idle = tests.findIndex((test) => !candidates.some((entry) => test(layerOf(entry))));
  if (idle >= 0)
    return {
      kind: 'unknown-layer',
      index: idle,
      pattern: exclude[idle]!,
      layers: candidates.map(layerOf),
    };
  const inScope = candidates.filter((entry) => !tests.some((test) => test(layerOf(entry))));
  return { kind: 'scope', entries: inScope };
}

/** The module that holds a weight: `layer1.0.conv1` of `layer1.0.conv1.weight`. */
function layerOf({ name }: StateEntry): string {
  return name.replace(/\.weight$/, '');
}

/** Whether a layer is the one named, or lies in the module named. */
function layerTest(pattern: string): (layer: string) => boolean {
  const parts = pattern.split('.');
  return (layer) => {
    const own = layer.split('.');
    return parts.length <= own.length && parts.every((part, index) => partFits(part, own[index]!));
  };
}

/** `*` stands for any text; without backtracking, since the first place where a piece fits is as good as any. */
function partFits(pattern: string, part: string): boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return part === pattern;
  if (!part.startsWith(first) || !part.endsWith(last) || part.length < first.length + last.length)
    return false;
  let from = first.length;
  const end = part.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = part.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
