import type { Network } from '../models/network.ts';
import { tf } from '../tensors/index.ts';
import { int64Scalar, toNumbers } from '../weights/raw-tensor.ts';
import type { StateDict } from '../weights/state-dict.ts';
import { stateFromTensors, stateToTensors } from '../weights/state.ts';
import type { FlatParameters } from './flat-parameters.ts';
import type { StepProgram, TrainingState } from './step.ts';

/** The state that training begins with: the given weights, no velocity. The caller owns it. */
export function startState(initial: StateDict, network: Network, flat: FlatParameters): TrainingState {
  const tensors = stateToTensors(initial, network.entries);
  const buffers = network.entries.filter(({ role }) => role === 'buffer').map(({ name }) => name);
  const state: TrainingState = {
    parameters: flat.pack(tensors),
    velocity: tf.zeros([flat.size]),
    meters: tf.zeros([2]),
    buffers: new Map(buffers.map((name) => [name, tensors.get(name)!])),
  };
  tf.dispose([...tensors.values()].filter((tensor) => ![...state.buffers.values()].includes(tensor)));
  return state;
}

/** The state dict that training ends with: masked once more, so that what is pruned is exactly zero in the file. */
export async function finalState(
  { network, flat, mask }: StepProgram,
  from: { readonly state: TrainingState; readonly initial: StateDict; readonly totalSteps: number },
): Promise<StateDict> {
  const { initial, totalSteps } = from;
  const { parameters, buffers } = from.state;
  const tensors = tf.tidy(() => {
    // Adding zero turns the -0 of a masked negative into the 0 that a file should hold.
    const live = mask === undefined ? parameters : tf.add<tf.Tensor1D>(tf.mul(parameters, mask), 0);
    return Object.fromEntries(flat.unpack(live));
  });
  const counters = network.entries.filter(({ role }) => role === 'counter');
  const counted = counters.map(({ name }) => {
    const before = toNumbers(initial.get(name)!)[0]!;
    return [name, int64Scalar(before + totalSteps)] as const;
  });
  const dict = new Map([
    ...(await stateFromTensors(
      new Map([...Object.entries(tensors), ...buffers]),
      network.entries.filter(({ role }) => role !== 'counter'),
    )),
    ...counted,
  ]);
  tf.dispose(tensors);
  // Back into the model's own order.
  return new Map(network.entries.map(({ name }) => [name, dict.get(name)!]));
}
