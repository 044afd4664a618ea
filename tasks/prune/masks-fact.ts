import type { Facts } from '../../engine/contract/scalar.ts';
import { sizeOf } from '../../vision/models/layout.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import {
  denseLayer,
  prunedOf,
  totalOf,
  type LayerStanding,
  type Standing,
} from '../../vision/pruning/standing.ts';

/**
 * What a plan knows of a model's masks, as facts. `sparsity` says it all where nothing is pruned, or all layers were
 * ranked together; else `masks` says the rest, for the entries that may have masks in their order: the number of masked
 * weights, `*` where only the total of all `*` is known, `-` for entries of optional groups without masks. `3x17` is three
 * times 17; `slices0` in front: whole filters alone are masked (`slices1`: input channels).
 */
export function standingFromFacts(
  { sparsity, masks }: Facts,
  entries: readonly StateEntry[],
): Standing | undefined {
  // Not even which optional groups have masks: an imported checkpoint may say so itself.
  if (sparsity === undefined && masks === undefined) return undefined;
  const maskable = entries.filter(({ prunable, group }) => prunable || group !== undefined);
  const { words, slices } = typeof masks === 'string' ? wordsOf(masks) : defaultWords(maskable, sparsity);
  if (words.length !== maskable.length) return undefined;
  const layers = maskable.flatMap((entry, index): LayerStanding[] => {
    const word = words[index]!;
    if (word === '-') return [];
    return [{ ...denseLayer(entry), pruned: word === '*' ? undefined : Number(word) }];
  });
  const known = layers.reduce((sum, { pruned = 0 }) => sum + pruned, 0);
  const total = layers.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const pooled = typeof sparsity === 'number' ? Math.round(sparsity * total) - known : undefined;
  return { layers, pooled, ...(slices === undefined ? {} : { slices }) };
}

/** The facts of a standing: what is known of the sparsity, and of the layers where the sparsity does not say it. */
export function factsFromStanding(standing: Standing, entries: readonly StateEntry[]): Facts {
  const pruned = prunedOf(standing);
  const sparsity = pruned === undefined ? {} : { sparsity: pruned / totalOf(standing) };
  const maskable = entries.filter(({ prunable, group }) => prunable || group !== undefined);
  const layers = new Map(standing.layers.map((layer) => [layer.name, layer]));
  const words = maskable.map(({ name }) => {
    const layer = layers.get(name);
    return layer === undefined ? '-' : String(layer.pruned ?? '*');
  });
  const isPlain = maskable.every(({ prunable }, index) => prunable === (words[index] !== '-'));
  const isTold = pruned === 0 || words.every((word) => word === '-' || word === '*');
  if (isPlain && isTold) return sparsity;
  const slices = standing.slices === undefined ? [] : [`slices${standing.slices}`];
  return { ...sparsity, masks: [...slices, ...runsOf(words)].join(' ') };
}

function defaultWords(
  maskable: readonly StateEntry[],
  sparsity: Facts[string] | undefined,
): { readonly words: readonly string[]; readonly slices?: undefined } {
  const word = sparsity === 0 ? '0' : '*';
  return { words: maskable.map(({ prunable }) => (prunable ? word : '-')) };
}

function wordsOf(fact: string): { readonly words: readonly string[]; readonly slices?: 0 | 1 | undefined } {
  const [first = '', ...rest] = fact.split(' ');
  const slices = first === 'slices0' ? 0 : first === 'slices1' ? 1 : undefined;
  const runs = slices === undefined ? [first, ...rest] : rest;
  const words = runs.flatMap((run) => {
    const [times, word] = run.includes('x') ? (run.split('x') as [string, string]) : ['1', run];
    return Array<string>(Number(times)).fill(word);
  });
  return { words, slices };
}

function runsOf(words: readonly string[]): string[] {
  const runs: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.times += 1;
    else runs.push({ word, times: 1 });
  }
  return runs.map(({ word, times }) => (times === 1 ? word : `${times}x${word}`));
}
