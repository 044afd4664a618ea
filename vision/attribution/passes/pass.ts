import type { Network, State } from '../../models/network.ts';
import type { tf } from '../../tensors/index.ts';

/** A network in evaluation, with its weights. */
export interface Evaluated {
  readonly network: Network;
  readonly state: State;
}

/**
 * What goes through the network at once: of tensors with a row each image (or piece of work), tensors with a row each. It
 * reads no values, so that it can be recorded as a graph.
 */
export type Pass = (inputs: readonly tf.Tensor[]) => tf.Tensor[];
