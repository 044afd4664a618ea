import type { StateEntry } from '../models/network.ts';
import type { WeightsFailure } from './failure.ts';
import type { RawTensor, RawTensors } from './raw-tensor.ts';
import { float32Tensor, int64Scalar, toFloat32 } from './raw-tensor.ts';

/** A model's whole state by name, in its entries' order and PyTorch's layout: float32, counters int64. */
export type StateDict = RawTensors;

/**
 * Fits a file's tensors to a model: the `module.` that DataParallel puts before names is taken off, every entry must be
 * there in its shape, nothing may be left over. Counters that old files lack start at zero.
 */
export function fitStateDict(
  tensors: RawTensors,
  entries: readonly StateEntry[],
): { readonly kind: 'fits'; readonly state: StateDict } | WeightsFailure {
  const named = new Map([...tensors].map(([name, tensor]) => [name.replace(/^module\./, ''), tensor]));
  const problems: string[] = [];
  const state = new Map<string, RawTensor>();
  for (const entry of entries) {
    const tensor = named.get(entry.name);
    named.delete(entry.name);
    if (tensor === undefined) {
      if (entry.role === 'counter') state.set(entry.name, int64Scalar(0));
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

function inModelType(tensor: RawTensor, entry: StateEntry): RawTensor {
  if (entry.role === 'counter')
    return tensor.dtype === 'I64' ? tensor : int64Scalar(toFloat32(tensor)[0] ?? 0);
  return tensor.dtype === 'F32' ? tensor : float32Tensor(tensor.shape, toFloat32(tensor));
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}

function shortened(problems: readonly string[]): string {
  const shown = problems.slice(0, 5).join('; ');
  return problems.length > 5 ? `${shown}; and ${problems.length - 5} more` : shown;
}
