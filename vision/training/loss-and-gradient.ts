import { softmaxCrossEntropy, tf, type NamedTensors } from '../tensors/index.ts';
import { mixed } from './mix.ts';
import type { TrainingParts } from './parts.ts';
import { inputNames, stateNames } from './state-names.ts';

interface Batch {
  /** [batch, height, width, 3] */
  readonly images: tf.Tensor;
  /** Classes [batch], int32, or probabilities [batch, classes]. */
  readonly targets: tf.Tensor;
}

/**
 * The gradient of a batch's mean loss, [size], and what the forward pass changes of the state: running statistics,
 * counters and meters. The mask is applied to the weights, so that a pruned weight's gradient is zero.
 */
export function lossAndGradient(
  parts: TrainingParts,
  { state, inputs }: { readonly state: NamedTensors; readonly inputs: NamedTensors },
): { readonly gradient: tf.Tensor; readonly state: NamedTensors } {
  const { network, flat, labelSmoothing } = parts;
  const { images, targets } = batchOf(parts, inputs);
  const buffers = network.entries.filter(({ role }) => role === 'buffer');
  const running = buffers.map(({ name }) => [name, state.get(stateNames.buffer(name))!] as const);
  const mask = state.get(stateNames.mask);
  const updates = new Map<string, tf.Tensor>();
  let right: tf.Tensor | undefined;
  const { value: loss, grad: gradient } = tf.valueAndGrad((vector: tf.Tensor) => {
    const live = mask === undefined ? vector : tf.mul(vector, mask);
    const logits = network.forward({
      state: new Map([...running, ...flat.unpack(live as tf.Tensor1D)]),
      input: images,
      training: { updates, noise: noiseOf(inputs) },
    });
    right = tf.keep(countRight(logits, targets));
    return softmaxCrossEntropy(logits, targets, { labelSmoothing });
  })(state.get(stateNames.parameters)!);
  const meters = tf.add(state.get(stateNames.meters)!, tf.stack([tf.mul(loss, images.shape[0]), right!]));
  right!.dispose();
  const counters = state.get(stateNames.counters);
  return {
    gradient,
    state: new Map([
      ...[...updates].map(([name, tensor]) => [stateNames.buffer(name), tensor] as const),
      ...(counters === undefined ? [] : [[stateNames.counters, tf.add(counters, 1)] as const]),
      [stateNames.meters, meters],
    ]),
  };
}

/** The images and targets of a step, blended where the recipe says so. */
function batchOf({ network, mixes }: TrainingParts, inputs: NamedTensors): Batch {
  const images = inputs.get(inputNames.images)!;
  const labels = inputs.get(inputNames.labels)!;
  if (!mixes) return { images, targets: labels };
  const oneHot = (classes: tf.Tensor): tf.Tensor => tf.cast(tf.oneHot(classes, network.classes), 'float32');
  return mixed({
    images,
    targets: oneHot(labels),
    before: {
      images: inputs.get(inputNames.imageBefore)!,
      targets: oneHot(inputs.get(inputNames.labelBefore)!),
    },
    blend: inputs.get(inputNames.blend)!,
    share: inputs.get(inputNames.share)!,
  });
}

function noiseOf(inputs: NamedTensors): ReadonlyMap<string, tf.Tensor> {
  const prefix = inputNames.noise('');
  const drawn = [...inputs].filter(([name]) => name.startsWith(prefix));
  return new Map(drawn.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/** How many of a batch have their highest logit at their class, or at the likeliest of their classes. */
function countRight(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const classes = targets.rank === 1 ? targets : tf.argMax(targets, 1);
    return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), classes), 'float32'));
  });
}
