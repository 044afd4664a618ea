import type { ForwardRequest } from '../../models/network.ts';
import { tf } from '../../tensors/index.ts';
import { choose } from './choose.ts';
import type { Evaluated, Pass } from './pass.ts';

/** Images and, unless the predicted class is explained, their chosen classes -> logits and what comes back to the images. */
export function inputPass(
  { network, state }: Evaluated,
  how: Pick<ForwardRequest, 'relu' | 'layers'> & { readonly share: 'one' | 'logit' },
): Pass {
  const { share, ...mode } = how;
  return ([images, chosen]) => {
    const logits = (input: tf.Tensor): tf.Tensor =>
      choose(network.forward({ state, input, ...mode }), chosen, share);
    const { value, grad } = tf.valueAndGrad(logits)(images!);
    return [value, grad];
  };
}
