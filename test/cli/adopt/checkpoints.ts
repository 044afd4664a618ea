import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describedModel } from '../../../vision/models/catalogue.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { float32Tensor, toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import type { RawTensor } from '../../../vision/weights/raw-tensor.ts';
import { writeTorchFile } from '../../../vision/weights/write-torch.ts';

export interface CheckpointToMake {
  readonly model?: string;
  readonly classes?: number;
  readonly seed?: number;
  /** Each how manieth of the prunable weights is zero; undefined: none. */
  readonly every?: number;
  /** Whether that is said as torch.nn.utils.prune does, in place of by zeros. */
  readonly withMasks?: boolean;
  /** Taken off. */
  readonly without?: string;
  /** In front of every name. */
  readonly prefix?: string;
}

/** A checkpoint as torch.save writes it, of an untrained model. */
export async function makeCheckpoint(path: string, made: CheckpointToMake = {}): Promise<void> {
  const { model = 'resnet8', classes = 4, seed = 0, every, withMasks = false, without, prefix = '' } = made;
  const { layout, initialisation } = describedModel(model)!;
  const entries = layout({ classes });
  const tensors = new Map<string, RawTensor>();
  for (const [name, tensor] of freshState({ entries, initialisation, seed })) {
    if (name === without) continue;
    const isPruned = every !== undefined && entries.find((entry) => entry.name === name)!.prunable;
    const mask = isPruned ? toFloat32(tensor).map((_, index) => (index % every === 0 ? 0 : 1)) : undefined;
    if (mask === undefined) tensors.set(`${prefix}${name}`, tensor);
    else if (withMasks) {
      tensors.set(`${prefix}${name}_orig`, tensor);
      tensors.set(`${prefix}${name}_mask`, float32Tensor(tensor.shape, mask));
    } else
      tensors.set(
        `${prefix}${name}`,
        float32Tensor(
          tensor.shape,
          toFloat32(tensor).map((value, index) => (mask[index] === 0 ? 0 : value)),
        ),
      );
  }
  await mkdir(dirname(path), { recursive: true });
  await writeTorchFile(path, tensors);
}
