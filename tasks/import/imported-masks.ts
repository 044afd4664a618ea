import type { StateEntry } from '../../vision/models/network.ts';
import { maskedValues, prunableEntries, type Masks } from '../../vision/pruning/masks.ts';
import type { Checkpoint } from '../../vision/weights/checkpoint.ts';
import type { WeightsFailure } from '../../vision/weights/failure.ts';
import { loadMasks } from '../../vision/weights/masked-pairs.ts';
import { shortName } from '../../vision/weights/plain-names.ts';
import { elementCount, float32Tensor, toFloat32 } from '../../vision/weights/raw-tensor.ts';
import type { StoredTensors } from '../../vision/weights/stored-tensor.ts';
import type { MaskSource } from './options.ts';

export interface ImportedMasks {
  readonly kind: 'masked';
  /** The weights with every masked value at zero. */
  readonly state: StoredTensors;
  /** Undefined: the checkpoint is dense. */
  readonly masks: Masks | undefined;
  /** Masked entries that are no prunable weights: their zeros are in the state, and nothing keeps them there. */
  readonly unkept: readonly string[];
}

/** Finds a checkpoint's masks, and puts zeros where they say so. `state` holds the model's entries, as they are in the file. */
export async function importMasks(
  source: MaskSource,
  { checkpoint, state, entries }: MaskRequest,
): Promise<ImportedMasks | WeightsFailure> {
  switch (source) {
    case 'none': {
      const [masked] = checkpoint.masks.keys();
      if (masked === undefined) return { kind: 'masked', state, masks: undefined, unkept: [] };
      const detail = `it is pruned: '${shortName(masked)}' has a mask. Say \`masks: file\` to keep it so`;
      return { kind: 'weights-failure', reason: 'mismatch', detail };
    }
    case 'file':
      return await masksOfFile({ checkpoint, state, entries });
    case 'zeros':
      return { kind: 'masked', state, masks: await masksOfZeros(state, entries), unkept: [] };
  }
}

interface MaskRequest {
  readonly checkpoint: Pick<Checkpoint, 'masks'>;
  readonly state: StoredTensors;
  readonly entries: readonly StateEntry[];
}

async function masksOfFile({
  checkpoint,
  state,
  entries,
}: MaskRequest): Promise<ImportedMasks | WeightsFailure> {
  const loaded = await loadMasks(byEntryName(checkpoint.masks, entries));
  if (loaded.kind !== 'masks') return loaded;
  if (loaded.masks.size === 0)
    return {
      kind: 'weights-failure',
      reason: 'mismatch',
      detail: "it has no masks: none of its weights is called '…_orig' with a '…_mask' beside it",
    };
  const masks = new Map<string, Uint8Array>();
  for (const { name, shape, prunable, group } of entries) {
    const mask = loaded.masks.get(name);
    if (prunable) masks.set(name, mask ?? allAlive(shape));
    else if (group !== undefined && mask !== undefined) masks.set(name, mask);
  }
  return {
    kind: 'masked',
    state: withZeros(state, loaded.masks),
    masks,
    unkept: [...loaded.masks.keys()].filter((name) => !masks.has(name)),
  };
}

/** Every zero among the prunable weights, and among those of optional groups where there are any. */
async function masksOfZeros(state: StoredTensors, entries: readonly StateEntry[]): Promise<Masks> {
  const groups = entries.flatMap(({ group }) => (group === undefined ? [] : [group]));
  const masks = new Map<string, Uint8Array>();
  for (const { name, prunable } of prunableEntries(entries, groups)) {
    const values = toFloat32(await state.get(name)!.load());
    const mask = new Uint8Array(values.length);
    for (let index = 0; index < values.length; index += 1) mask[index] = values[index] === 0 ? 0 : 1;
    if (prunable || mask.includes(0)) masks.set(name, mask);
  }
  return masks;
}

function withZeros(state: StoredTensors, masks: ReadonlyMap<string, Uint8Array>): StoredTensors {
  return new Map(
    [...state].map(([name, tensor]) => {
      const mask = masks.get(name);
      if (mask === undefined) return [name, tensor];
      const { shape, load } = tensor;
      const masked = async () => float32Tensor(shape, maskedValues(toFloat32(await load()), mask));
      return [name, { dtype: 'F32' as const, shape, load: masked }];
    }),
  );
}

/** Masks are called after the weights of the file, which may have their former names there. */
function byEntryName(masks: StoredTensors, entries: readonly StateEntry[]): StoredTensors {
  const names = new Map(entries.map(({ name, formerly }) => [formerly ?? name, name]));
  return new Map([...masks].map(([name, mask]) => [names.get(name) ?? name, mask]));
}

function allAlive(shape: readonly number[]): Uint8Array {
  return new Uint8Array(elementCount(shape)).fill(1);
}
