import { nativeBackend, type Binding } from '../../vision/tensors/graph/backend.ts';

/** Milliseconds and calls a round, by kernel and the shape of its largest input. */
export type KernelTimes = Record<string, { ms: number; calls: number }>;

/** Times every kernel that reaches TensorFlow while `work` runs so many rounds. On a CPU each ends before it returns. */
export function kernelTimes(rounds: number, work: () => void): KernelTimes {
  const backend = nativeBackend();
  const { binding } = backend;
  const times: KernelTimes = {};
  const shapes = new Map<number, readonly number[]>();
  const timed: Pick<Binding, 'executeOp' | 'createTensor'> = {
    createTensor: (shape, type, values) => {
      const id = binding.createTensor(shape, type, values);
      shapes.set(id, shape);
      return id;
    },
    executeOp: (name, attributes, inputs, outputs) => {
      const started = performance.now();
      const results = binding.executeOp(name, attributes, inputs, outputs);
      const ms = performance.now() - started;
      for (const { id, shape } of results) shapes.set(id, shape);
      const largest = inputs.map((id) => shapes.get(id) ?? []).sort((a, b) => size(b) - size(a))[0];
      const entry = (times[`${name} ${(largest ?? []).join('x')}`] ??= { ms: 0, calls: 0 });
      entry.ms += ms / rounds;
      entry.calls += 1 / rounds;
      return results;
    },
  };
  const covers = Object.entries(timed).map(([name, value]) => [name, { value }] as const);
  backend.binding = Object.create(binding, Object.fromEntries(covers)) as Binding;
  try {
    for (let round = 0; round < rounds; round += 1) work();
  } finally {
    backend.binding = binding;
  }
  return times;
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
