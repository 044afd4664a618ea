import { isParameter } from '../models/layout.ts';
import type { StateEntry } from '../models/network.ts';

/** Weight decay of a recipe: for all parameters, and apart for some; null: as for all. */
export interface WeightDecay {
  readonly weight_decay: number;
  readonly norm_weight_decay: number | null;
  readonly bias_weight_decay: number | null;
  readonly embedding_weight_decay: number | null;
}

export interface DecayGroup {
  readonly decay: number;
  readonly entries: readonly StateEntry[];
}

/** The names that torchvision's recipes know as embeddings. Its ViT's positions (`pos_embedding`) are none of them. */
const embeddings = ['class_token', 'position_embedding', 'relative_position_bias_table'];

/**
 * Parameters by their decay, as torchvision's `set_weight_decay` groups them: others, norms, biases, embeddings; none is
 * empty. A norm's bias is a bias where biases have a decay of their own, else part of its norm. Names count by their last
 * part, whole: attention's `in_proj_bias` is no bias.
 */
export function decayGroups(entries: readonly StateEntry[], decay: WeightDecay): readonly DecayGroup[] {
  const parameters = entries.filter(isParameter);
  const norms = new Set(parameters.filter(({ role }) => role === 'norm').map(({ name }) => moduleOf(name)));
  const kinds = [
    { decay: decay.embedding_weight_decay, holds: (name: string) => embeddings.includes(lastPart(name)) },
    { decay: decay.bias_weight_decay, holds: (name: string) => lastPart(name) === 'bias' },
    { decay: decay.norm_weight_decay, holds: (name: string) => norms.has(moduleOf(name)) },
    { decay: decay.weight_decay, holds: () => true },
  ].filter((kind) => kind.decay !== null);
  const groups = kinds.map((kind): { decay: number; entries: StateEntry[] } => ({
    decay: kind.decay!,
    entries: [],
  }));
  for (const entry of parameters)
    groups[kinds.findIndex(({ holds }) => holds(entry.name))]!.entries.push(entry);
  return groups.filter((group) => group.entries.length > 0).reverse();
}

/** One decay for all parameters, or each parameter's own. */
export function decayOf(
  entries: readonly StateEntry[],
  decay: WeightDecay,
): number | ReadonlyMap<string, number> {
  const groups = decayGroups(entries, decay);
  const [first] = groups;
  if (first === undefined || groups.every((group) => group.decay === first.decay)) return first?.decay ?? 0;
  return new Map(groups.flatMap((group) => group.entries.map(({ name }) => [name, group.decay] as const)));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function moduleOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('.'), 0));
}
