import { featureMap } from '../../models/feature-map.ts';
import type { Tap } from '../../models/network.ts';
import { valueAt } from '../../models/value-at.ts';
import { tf } from '../../tensors/index.ts';
import { choose } from './choose.ts';
import { inputPass } from './input-pass.ts';
import type { Evaluated, Pass } from './pass.ts';

interface StagePass {
  /** Name of a stage or tap. */
  readonly stage: string;
  /** Whether the guided gradient by the images is wanted too. */
  readonly guided: boolean;
}

/**
 * Images and, unless the predicted class is explained, their chosen classes -> logits, the stage's value and the gradient by it
 * as maps [images, height, width, channels], and the guided gradient by the images where it is wanted.
 */
export function stagePass(evaluated: Evaluated, { stage, guided }: StagePass): Pass {
  const { network } = evaluated;
  const pass = network.stages.includes(stage) ? throughStage(evaluated, stage) : throughTap(evaluated, stage);
  const both = guided && network.stages.includes(stage) ? guidedThroughStage(evaluated, stage) : undefined;
  return (inputs) => {
    const [logits, value, gradient, ...rest] = (both ?? pass)(inputs) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const maps = [value, gradient].map((map) => featureMap(network, map, inputs[0]!.shape));
    if (!guided || both !== undefined) return [logits, ...maps, ...rest];
    return [logits, ...maps, inputPass(evaluated, { relu: 'guided', share: 'one' })(inputs)[1]!];
  };
}

/** Only what lies behind the stage is differentiated. */
function throughStage({ network, state }: Evaluated, stage: string): Pass {
  return ([images, chosen]) => {
    const value = network.forward({ state, input: images!, until: stage });
    const onward = (input: tf.Tensor): tf.Tensor =>
      choose(network.forward({ state, input, from: stage }), chosen);
    const { value: logits, grad } = tf.valueAndGrad(onward)(value);
    return [logits, value, grad];
  };
}

/** The stage's value is seen on the guided way; what lies behind it, little, is run again for the plain gradient. */
function guidedThroughStage({ network, state }: Evaluated, stage: string): Pass {
  return ([images, chosen]) => {
    let seen: tf.Tensor | undefined;
    const tap: Tap = (name, value) => {
      if (name === stage) seen = tf.keep(value.clone());
      return value;
    };
    const whole = (input: tf.Tensor): tf.Tensor =>
      choose(network.forward({ state, input, relu: 'guided', tap }), chosen);
    const guided = tf.grad(whole)(images!);
    const onward = (input: tf.Tensor): tf.Tensor =>
      choose(network.forward({ state, input, from: stage }), chosen);
    const value = seen!.clone();
    seen!.dispose();
    const { value: logits, grad } = tf.valueAndGrad(onward)(value);
    return [logits, value, grad, guided];
  };
}

/** Within a stage there is nothing to start from: a delta of zeros is added to the value, and differentiated by. */
function throughTap({ network, state }: Evaluated, stage: string): Pass {
  let shapeOfOne: readonly number[] | undefined;
  return ([images, chosen]) => {
    const [count = 0, ...size] = images!.shape;
    shapeOfOne ??= tf.tidy(() => valueAt(network, stage, { state, input: tf.zeros([1, ...size]) }).shape);
    const zeros = tf.zeros([count * shapeOfOne[0]!, ...shapeOfOne.slice(1)]);
    let seen: tf.Tensor | undefined;
    const moved = (delta: tf.Tensor): tf.Tensor => {
      const tap: Tap = (name, here) => {
        if (name !== stage) return here;
        seen = tf.keep(here.clone());
        return tf.add(here, delta);
      };
      return choose(network.forward({ state, input: images!, tap }), chosen);
    };
    const { value: logits, grad } = tf.valueAndGrad(moved)(zeros);
    const value = seen!.clone();
    seen!.dispose();
    return [logits, value, grad];
  };
}
