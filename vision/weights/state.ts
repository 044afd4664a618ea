import type { State, StateEntry } from '../models/network.ts';
import { tf } from '../tensors/index.ts';
import { memoryShape, toMemoryLayout } from './memory-layout.ts';
import { toFloat32, toNumbers, type RawTensor } from './raw-tensor.ts';
import type { StateDict } from './state-dict.ts';

/** A state dict as tensors, in memory layout, but for its constants. The caller owns them: `disposeState`. */
export function stateToTensors(state: StateDict, entries: readonly StateEntry[]): State {
  return new Map(
    entries
      .filter(({ role }) => role !== 'constant')
      .map((entry) => {
        const raw = state.get(entry.name);
        if (raw === undefined) throw new Error(`the state dict has no '${entry.name}'`);
        return [entry.name, tensorOf(raw, entry)];
      }),
  );
}

function tensorOf(raw: RawTensor, entry: StateEntry): tf.Tensor {
  if (entry.role === 'counter') return tf.scalar(toNumbers(raw)[0]!, 'int32');
  return tf.tensor(toMemoryLayout(toFloat32(raw), entry.shape), [...memoryShape(entry.shape)]);
}

export function disposeState(state: State): void {
  for (const tensor of state.values()) tensor.dispose();
}
