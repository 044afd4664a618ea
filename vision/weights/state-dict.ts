import type { StateEntry } from '../models/network.ts';
import type { WeightsFailure } from './failure.ts';
import type { RawTensors } from './raw-tensor.ts';
import { float32Tensor, int64Scalar, toFloat32 } from './raw-tensor.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';

/** A model's whole state by name, in its entries' order and PyTorch's layout: float32, counters int64. */
export type StateDict = RawTensors;

/**
 * Fits a file's tensors to a model: the `module.` that DataParallel puts before names is taken off, every entry must be
 * there in its shape, nothing may be left over. Counters that old files lack start at zero. Nothing is read for that.
 */
export function fitStateDict(
  tensors: StoredTensors,
  entries: readonly StateEntry[],
): { readonly kind: 'fits'; readonly state: StoredTensors } | WeightsFailure {
  const named = new Map([...tensors].map(([name, tensor]) => [name.replace(/^module\./, ''), tensor]));
  const problems: string[] = [];
  const state = new Map<string, StoredTensor>();
  for (const entry of entries) {
    const tensor = named.get(entry.name);
    named.delete(entry.name);
    if (tensor === undefined) {
      if (entry.role === 'counter')
        state.set(
          entry.name,
          counter(() => Promise.resolve(0)),
        );
      else problems.push(`'${entry.name}' is missing`);
    } else if (!sameShape(tensor.shape, entry.shape)) {
      problems.push(
        `'${entry.name}' has the shape [${tensor.shape.join(', ')}], the model's has [${entry.shape.join(', ')}]`,
      );
    } else {
      state.set(entry.name, inModelType(tensor, entry));
    }
  }
  for (const name of named.keys()) problems.push(`'${name}' is not part of the model`);
  return problems.length === 0
    ? { kind: 'fits', state }
    : { kind: 'weights-failure', reason: 'mismatch', detail: shortened(problems) };
}

function inModelType(tensor: StoredTensor, entry: StateEntry): StoredTensor {
  const { dtype, shape, load } = tensor;
  if (entry.role === 'counter')
    return dtype === 'I64' ? tensor : counter(async () => toFloat32(await load())[0] ?? 0);
  if (dtype === 'F32') return tensor;
  return { dtype: 'F32', shape, load: async () => float32Tensor(shape, toFloat32(await load())) };
}

function counter(value: () => Promise<number>): StoredTensor {
  return { dtype: 'I64', shape: [], load: async () => int64Scalar(await value()) };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}

function shortened(problems: readonly string[]): string {
  const shown = problems.slice(0, 5).join('; ');
  return problems.length > 5 ? `${shown}; and ${problems.length - 5} more` : shown;
}
