import { tf } from '../tensors/index.ts';
import type { ForwardRequest, Network } from './network.ts';

/** The value of a stage or tap in a pass of its own. The caller owns it. */
export function valueAt(
  network: Network,
  name: string,
  request: Omit<ForwardRequest, 'from' | 'until' | 'tap'>,
): tf.Tensor {
  if (network.stages.includes(name)) return network.forward({ ...request, until: name });
  return tf.tidy(() => {
    let found: tf.Tensor | undefined;
    const tap = (tapped: string, value: tf.Tensor): tf.Tensor => {
      if (tapped === name) found = tf.keep(value.clone());
      return value;
    };
    network.forward({ ...request, tap });
    if (found === undefined) throw new Error(`no value '${name}'; there are ${network.taps.join(', ')}`);
    // What is kept would outlive the caller's own clean-up; a copy of it shares the memory.
    const value = found.clone();
    found.dispose();
    return value;
  });
}
