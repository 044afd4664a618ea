import type { Network } from '../models/network.ts';
import { constantTensor } from '../weights/constants.ts';
import { float32Tensor, int64Scalar, type RawTensor } from '../weights/raw-tensor.ts';
import type { StateDict } from '../weights/state-dict.ts';
import type { FlatParameters } from './flat-parameters.ts';
import { stateNames } from './state-names.ts';

/** Names of the state's entries that a trained model is made of: the moving averages where there are any. */
export function finalNames(
  network: Network,
  { averages }: { readonly averages: boolean },
): readonly string[] {
  const buffers = network.entries.filter(({ role }) => role === 'buffer');
  const counts = network.entries.some(({ role }) => role === 'counter');
  const names = [
    stateNames.parameters,
    ...buffers.map(({ name }) => stateNames.buffer(name)),
    ...(counts ? [stateNames.counters] : []),
  ];
  return averages ? names.map(stateNames.average) : names;
}

/** The state dict of what `finalNames` names, in the model's own order. */
export function finalState(
  { network, flat }: { readonly network: Network; readonly flat: FlatParameters },
  from: { readonly values: ReadonlyMap<string, Float32Array>; readonly averages: boolean },
): StateDict {
  const value = (name: string): Float32Array =>
    from.values.get(from.averages ? stateNames.average(name) : name)!;
  const parameters = flat.unpackValues(value(stateNames.parameters));
  const counters = network.entries.filter(({ role }) => role === 'counter');
  const counts = counters.length === 0 ? undefined : value(stateNames.counters);
  return new Map(
    network.entries.map((entry): [string, RawTensor] => {
      const { name, shape, role } = entry;
      switch (role) {
        case 'constant':
          return [name, constantTensor(entry)];
        case 'buffer':
          return [name, float32Tensor(shape, value(stateNames.buffer(name)))];
        case 'counter':
          return [name, int64Scalar(counts![counters.findIndex((counter) => counter.name === name)]!)];
        default:
          return [name, float32Tensor(shape, parameters.get(name)!)];
      }
    }),
  );
}
