import type { StateEntry } from '../models/network.ts';
import type { WeightsFailure } from './failure.ts';
import { float32Tensor, int64Tensor, toNumbers, type DType, type RawTensor } from './raw-tensor.ts';
import type { StoredTensors } from './stored-tensor.ts';

/** A constant of the architecture as its state dict holds it. */
export function constantTensor(entry: StateEntry): RawTensor {
  const values = valuesOf(entry);
  return values instanceof Int32Array ? int64Tensor(entry.shape, values) : float32Tensor(entry.shape, values);
}

export function constantType(entry: StateEntry): DType {
  return valuesOf(entry) instanceof Int32Array ? 'I64' : 'F32';
}

/**
 * Whether a checkpoint's constants are those that the network computes with: PyTorch reads them from the file, so that
 * others would make another network of the same weights.
 */
export async function constantsProblem(
  state: StoredTensors,
  entries: readonly StateEntry[],
): Promise<WeightsFailure | undefined> {
  for (const entry of entries.filter(({ role }) => role === 'constant')) {
    const found = toNumbers(await state.get(entry.name)!.load());
    const expected = valuesOf(entry);
    // A few units in the last place apart: logarithms differ between libraries.
    if (found.some((value, index) => !(Math.abs(value - expected[index]!) <= 1e-5)))
      return {
        kind: 'weights-failure',
        reason: 'mismatch',
        detail: `'${entry.name}' is not what the model's own sizes give: the checkpoint is of a variant that is not known here`,
      };
  }
  return undefined;
}

function valuesOf({ name, values }: StateEntry): Float32Array | Int32Array {
  if (values === undefined) throw new Error(`the constant '${name}' has no values`);
  return values();
}
