import { caught, WeightsError, type WeightsFailure } from './failure.ts';
import { shortName } from './plain-names.ts';
import { toFloat32, type RawTensor } from './raw-tensor.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';

/** Weights by their own names, and masks by the names of their weights. */
export interface SeparatedMasks {
  readonly kind: 'separated';
  readonly tensors: StoredTensors;
  readonly masks: StoredTensors;
}

/**
 * Takes apart what torch.nn.utils.prune makes of a pruned weight NAME: `NAME_orig`, which training may have changed where
 * it is masked, and `NAME_mask`.
 */
export function separateMasks(tensors: StoredTensors): SeparatedMasks | WeightsFailure {
  const separated = new Map<string, StoredTensor>();
  const masks = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    if (name.endsWith('_mask') && tensors.has(`${name.slice(0, -'_mask'.length)}_orig`)) continue;
    if (!name.endsWith('_orig')) {
      separated.set(name, tensor);
      continue;
    }
    const own = name.slice(0, -'_orig'.length);
    const mask = tensors.get(`${own}_mask`);
    if (mask === undefined) return mismatch(`'${shortName(name)}' has no '_mask' beside it`);
    if (tensors.has(own)) return mismatch(`'${shortName(own)}' is there with and without '_orig'`);
    if (mask.shape.join() !== tensor.shape.join())
      return mismatch(`the mask of '${shortName(own)}' has another shape than the weight`);
    separated.set(own, tensor);
    masks.set(own, mask);
  }
  return { kind: 'separated', tensors: separated, masks };
}

/** Reads masks: 1 where a weight lives, 0 where it is pruned. */
export async function loadMasks(
  masks: StoredTensors,
): Promise<{ readonly kind: 'masks'; readonly masks: ReadonlyMap<string, Uint8Array> } | WeightsFailure> {
  return await caught(async () => {
    const loaded = new Map<string, Uint8Array>();
    for (const [name, mask] of masks) loaded.set(name, maskValues(name, await mask.load()));
    return { kind: 'masks' as const, masks: loaded };
  });
}

function maskValues(name: string, tensor: RawTensor): Uint8Array {
  const values = toFloat32(tensor);
  const mask = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (value !== 0 && value !== 1)
      throw new WeightsError('malformed', `the mask of '${name}' has values other than 0 and 1`);
    mask[index] = value;
  }
  return mask;
}

function mismatch(detail: string): WeightsFailure {
  return { kind: 'weights-failure', reason: 'mismatch', detail };
}
