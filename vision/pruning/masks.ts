import type { StateEntry } from '../models/network.ts';
import {
  elementCount,
  toNumbers,
  uint8Tensor,
  type RawTensor,
  type RawTensors,
} from '../weights/raw-tensor.ts';

/**
 * Entry name -> 1 where the weight lives, 0 where it is pruned, in PyTorch's flat order. Every prunable entry has one; an
 * entry of an optional group has one once its group was included.
 */
export type Masks = ReadonlyMap<string, Uint8Array>;

/** Masks of a dense model. */
export function fullMasks(entries: readonly StateEntry[], groups: readonly string[] = []): Masks {
  return new Map(
    prunableEntries(entries, groups).map(({ name, shape }) => [
      name,
      new Uint8Array(elementCount(shape)).fill(1),
    ]),
  );
}

/** The entries that pruning may reach, and those of the optional groups named. */
export function prunableEntries(
  entries: readonly StateEntry[],
  groups: readonly string[] = [],
): readonly StateEntry[] {
  return entries.filter(({ prunable, group }) => prunable || (group !== undefined && groups.includes(group)));
}

/** Masks of all entries of these groups too; those that have none yet are dense. In the entries' order. */
export function withGroups(masks: Masks, entries: readonly StateEntry[], groups: readonly string[]): Masks {
  const full = fullMasks(entries, groups);
  const names = entries.map(({ name }) => name).filter((name) => masks.has(name) || full.has(name));
  return new Map(names.map((name) => [name, masks.get(name) ?? full.get(name)!]));
}

/** How many weights are masked, and the share they are of all prunable ones. */
export function sparsityOf(masks: Masks): {
  readonly pruned: number;
  readonly total: number;
  readonly sparsity: number;
} {
  let pruned = 0;
  let total = 0;
  for (const mask of masks.values()) {
    total += mask.length;
    for (const alive of mask) if (alive === 0) pruned += 1;
  }
  return { pruned, total, sparsity: total === 0 ? 0 : pruned / total };
}

/** The weights with every masked value at zero. Never changes its arguments. */
export function maskedValues(values: Float32Array, mask: Uint8Array): Float32Array {
  const masked = values.slice();
  for (let index = 0; index < mask.length; index += 1) if (mask[index] === 0) masked[index] = 0;
  return masked;
}

/** Masks as a file holds them: U8 tensors in the weights' shapes. */
export function masksToTensors(masks: Masks, entries: readonly StateEntry[]): RawTensors {
  const tensors = new Map<string, RawTensor>();
  for (const { name, shape } of entries) {
    const mask = masks.get(name);
    if (mask !== undefined) tensors.set(name, uint8Tensor(shape, mask));
  }
  return tensors;
}

/** Masks of a file; undefined where they are not the model's (a name, a shape or a value other than 0 and 1). */
export function masksFromTensors(tensors: RawTensors, entries: readonly StateEntry[]): Masks | undefined {
  const masks = new Map<string, Uint8Array>();
  for (const { name, shape, prunable, group } of entries) {
    const tensor = tensors.get(name);
    if (tensor === undefined && !prunable) continue;
    if (tensor === undefined || (!prunable && group === undefined)) return undefined;
    if (elementCount(tensor.shape) !== elementCount(shape)) return undefined;
    const values = tensor.dtype === 'U8' ? tensor.bytes.slice() : Uint8Array.from(toNumbers(tensor));
    if (values.some((value) => value > 1)) return undefined;
    masks.set(name, values);
  }
  return tensors.size === masks.size ? masks : undefined;
}
