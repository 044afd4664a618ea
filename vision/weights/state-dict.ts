import type { StateEntry } from '../models/network.ts';
import type { WeightsFailure } from './failure.ts';
import { constantTensor, constantType } from './constants.ts';
import { shortName } from './plain-names.ts';
import type { DType, RawTensor, RawTensors } from './raw-tensor.ts';
import { float32Tensor, int64Scalar, int64Tensor, toFloat32, toNumbers } from './raw-tensor.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';

/** A model's whole state by name, in its entries' order and PyTorch's layout: float32, counters int64. */
export type StateDict = RawTensors;

/**
 * Fits a file's tensors to a model: every entry must be there in its shape, under its name or a former one, and nothing may
 * be left over. Weights are floats of any width. Counters that old files lack start at zero, constants are the
 * architecture's. Nothing is read for that.
 */
export function fitStateDict(
  tensors: StoredTensors,
  entries: readonly StateEntry[],
): { readonly kind: 'fits'; readonly state: StoredTensors } | WeightsFailure {
  const named = new Map(tensors);
  const problems: string[] = [];
  const state = new Map<string, StoredTensor>();
  for (const entry of entries) {
    const name = named.has(entry.name) ? entry.name : (entry.formerly ?? entry.name);
    const tensor = named.get(name);
    named.delete(name);
    if (tensor === undefined) {
      const fallback = valueOfAbsent(entry);
      if (fallback === undefined) problems.push(`'${entry.name}' is missing`);
      else state.set(entry.name, fallback);
    } else if (!sameShape(tensor.shape, entry.shape)) {
      problems.push(
        `'${entry.name}' has the shape [${tensor.shape.join(', ')}], the model's has [${entry.shape.join(', ')}]`,
      );
    } else if (isWeights(entry) && !floats.has(tensor.dtype)) {
      problems.push(`'${entry.name}' holds ${tensor.dtype}, and weights are floats`);
    } else {
      state.set(entry.name, inModelType(tensor, entry));
    }
  }
  for (const name of named.keys()) problems.push(`'${shortName(name)}' is not part of the model`);
  return problems.length === 0
    ? { kind: 'fits', state }
    : { kind: 'weights-failure', reason: 'mismatch', detail: shortened(problems) };
}

const floats: ReadonlySet<DType> = new Set(['F16', 'BF16', 'F32', 'F64']);

function isWeights({ role }: StateEntry): boolean {
  return role !== 'counter' && role !== 'constant';
}

/** What stands for an entry that old files lack. */
function valueOfAbsent(entry: StateEntry): StoredTensor | undefined {
  if (entry.role === 'counter') return counter(() => Promise.resolve(0));
  if (entry.role !== 'constant') return undefined;
  const load = (): Promise<RawTensor> => Promise.resolve(constantTensor(entry));
  return { dtype: constantType(entry), shape: entry.shape, load };
}

function inModelType(tensor: StoredTensor, entry: StateEntry): StoredTensor {
  const { dtype, shape, load } = tensor;
  if (entry.role === 'counter')
    return dtype === 'I64' ? tensor : counter(async () => toFloat32(await load())[0] ?? 0);
  if (entry.role === 'constant' && constantType(entry) === 'I64') {
    if (dtype === 'I64') return tensor;
    const whole = async (): Promise<RawTensor> =>
      int64Tensor(shape, Int32Array.from(toNumbers(await load())));
    return { dtype: 'I64', shape, load: whole };
  }
  if (dtype === 'F32') return tensor;
  return { dtype: 'F32', shape, load: async () => float32Tensor(shape, toFloat32(await load())) };
}

function counter(value: () => Promise<number>): StoredTensor {
  return { dtype: 'I64', shape: [], load: async () => int64Scalar(await value()) };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}

const mostShown = 8;

function shortened(problems: readonly string[]): string {
  const shown = problems.slice(0, mostShown).join('; ');
  return problems.length > mostShown ? `${shown}; and ${problems.length - mostShown} more` : shown;
}
