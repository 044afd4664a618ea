import { tf } from '../tensors/index.ts';

/** A moving average of the weights, which takes their place at the end (torchvision's `--model-ema`). */
export interface Ema {
  /** Kept from one update to the next, were there one image an epoch: `keptAtUpdate` has it for real. In [0, 1). */
  readonly decay: number;
  /** Updated at each epoch's first step and every so many steps from there. */
  readonly every: number;
}

export interface EmaMoment {
  readonly epoch: number;
  /** Of the epoch, from 0. */
  readonly step: number;
  /** The first epoch of this training. */
  readonly firstEpoch: number;
}

/**
 * The share of the average that an update after a step keeps; undefined: there is none after this step. As in
 * torchvision it does not depend on batch size and epochs: 1 - min(1, (1 - decay) batch every / epochs); the first
 * update copies, and so do all while the learning rate warms up and the first one after that.
 */
export function keptAtUpdate(
  { decay, every }: Ema,
  recipe: { readonly epochs: number; readonly imagesAStep: number; readonly warmUpEpochs: number },
  { epoch, step, firstEpoch }: EmaMoment,
): number | undefined {
  if (step % every !== 0) return undefined;
  const begins = Math.max(firstEpoch, recipe.warmUpEpochs);
  if (epoch < begins || (epoch === begins && step === 0)) return 0;
  return emaDecay({ decay, every }, recipe);
}

/** torchvision's decay for a batch and a number of epochs. */
export function emaDecay(
  { decay, every }: Ema,
  { epochs, imagesAStep }: { readonly epochs: number; readonly imagesAStep: number },
): number {
  return 1 - Math.min(1, ((1 - decay) * imagesAStep * every) / epochs);
}

/**
 * kept x average + (1 - kept) x value.
 * @param kept - [], in [0, 1)
 */
export function averaged(average: tf.Tensor, value: tf.Tensor, kept: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.add(tf.mul(average, kept), tf.mul(value, tf.sub(1, kept))));
}

/** The same of whole numbers (a norm's counter of batches), cut off as PyTorch's conversion to an integer does. */
export function averagedCount(average: tf.Tensor, value: tf.Tensor, kept: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.floor(averaged(average, value, kept)));
}
