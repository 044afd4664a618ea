import type { ByteSource } from './byte-source.ts';
import type { WeightsFailure } from './failure.ts';
import { separateMasks } from './masked-pairs.ts';
import { withPlainNames } from './plain-names.ts';
import { readSafetensors } from './safetensors.ts';
import type { StoredTensors } from './stored-tensor.ts';
import { readTorchFile } from './torch-file.ts';

/** The weights of a file of any format that is read, as the model itself would name them. */
export interface Checkpoint {
  readonly kind: 'checkpoint';
  readonly tensors: StoredTensors;
  /** What torch.nn.utils.prune keeps beside weights, by the names of the weights. */
  readonly masks: StoredTensors;
  /** Under which key of the file they lie; undefined: at the top. */
  readonly key: string | undefined;
  /** Other keys under which tensors lie. */
  readonly others: readonly string[];
}

/**
 * Reads a checkpoint, in whatever format its content is. `key` says where its weights lie, in a training checkpoint with
 * several. The bytes of a tensor are read when it is loaded.
 */
export async function readCheckpoint(file: ByteSource, key?: string): Promise<Checkpoint | WeightsFailure> {
  const read = await readTensors(file, key);
  if (read.kind !== 'read') return read;
  const named = withPlainNames(read.tensors);
  if (named.kind !== 'named') return named;
  const separated = separateMasks(named.tensors);
  if (separated.kind !== 'separated') return separated;
  const { tensors, masks } = separated;
  return { kind: 'checkpoint', tensors, masks, key: read.key, others: read.others };
}

interface ReadTensors extends Pick<Checkpoint, 'tensors' | 'key' | 'others'> {
  readonly kind: 'read';
}

/** By content, whatever the file's name: a zip or a pickle is PyTorch's, all else should be safetensors. */
async function readTensors(file: ByteSource, key: string | undefined): Promise<ReadTensors | WeightsFailure> {
  const [first, second] = await file.read(0, Math.min(2, file.size));
  const isTorch = first === 0x80 || (first === 0x50 && second === 0x4b);
  if (isTorch) return await readTorchFile(file, key);
  const read = await readSafetensors(file);
  if (read.kind !== 'read') return read;
  if (key !== undefined)
    return {
      kind: 'weights-failure',
      reason: 'no-state-dict',
      detail: `a safetensors file has no keys, so nothing lies under '${key}'`,
    };
  return { kind: 'read', tensors: read.tensors, key: undefined, others: [] };
}
