import { initialValues } from '../models/initialise.ts';
import { constantTensor } from './constants.ts';
import { float32Tensor, int64Scalar } from './raw-tensor.ts';
import type { StateDict } from './state-dict.ts';

/** A whole state dict with weights drawn from a seed, counters at zero. */
export function freshState(request: Parameters<typeof initialValues>[0]): StateDict {
  const values = initialValues(request);
  return new Map(
    request.entries.map((entry) => {
      const drawn = values.get(entry.name);
      if (drawn !== undefined) return [entry.name, float32Tensor(entry.shape, drawn)];
      return [entry.name, entry.role === 'constant' ? constantTensor(entry) : int64Scalar(0)];
    }),
  );
}
