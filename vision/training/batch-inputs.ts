import type { Batch } from '../data/loader.ts';
import type { Network } from '../models/network.ts';
import { randomFrom } from '../random/random.ts';
import { tf } from '../tensors/index.ts';
import { drawMix, type Mix, type Mixing } from './mix.ts';
import { inputNames } from './state-names.ts';

/** What the draws of a batch are keyed by. */
export interface BatchKey {
  readonly seed: number;
  readonly epoch: number;
  /** Of the epoch, from 0. */
  readonly batch: number;
}

/** Keep these draws apart from those of images and of their order. */
const noiseStream = -2;
const mixStream = -3;

/** How a batch is mixed; undefined where the recipe mixes nothing. Depends on (seed, epoch, batch) only. */
export function mixOfBatch(mixing: Mixing, side: number, { seed, epoch, batch }: BatchKey): Mix | undefined {
  if (mixing.mixup === 0 && mixing.cutmix === 0) return undefined;
  return drawMix(mixing, { height: side, width: side }, randomFrom(seed, mixStream, epoch, batch));
}

/** Images of a batch, from `start` up to `end`. */
export interface Piece {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** A batch in pieces of at most `size` images. */
export function piecesOf(images: number, size: number): readonly Piece[] {
  return Array.from({ length: Math.ceil(images / size) }, (_, index) => ({
    index,
    start: index * size,
    end: Math.min((index + 1) * size, images),
  }));
}

/** A piece of a batch as inputs of a program. The caller owns the tensors. */
export function pieceInputs(request: {
  readonly network: Network;
  readonly batch: Batch;
  readonly piece: Piece;
  readonly side: number;
  readonly mix: Mix | undefined;
  readonly key: BatchKey;
}): Map<string, tf.Tensor> {
  const { network, batch, piece, side, mix, key } = request;
  const images = imagesAt(batch, side, piece);
  const inputs = new Map<string, tf.Tensor>([
    [inputNames.images, images],
    [inputNames.labels, labelsAt(batch, piece)],
  ]);
  if (mix !== undefined) {
    // A batch is a ring: its last image stands before its first.
    const end = piece.start === 0 ? batch.labels.length : piece.start;
    inputs.set(inputNames.imageBefore, imagesAt(batch, side, { start: end - 1, end }));
    inputs.set(inputNames.labelBefore, labelsAt(batch, { start: end - 1, end }));
    inputs.set(inputNames.blend, tf.tensor4d(mix.blend, [1, side, side, 1]));
    inputs.set(inputNames.share, tf.scalar(mix.share));
  }
  const noise = network.noise?.(images.shape) ?? [];
  noise.forEach(({ name, shape, keep }, index) => {
    const random = randomFrom(key.seed, noiseStream, key.epoch, key.batch, piece.index, index);
    const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
    for (let at = 0; at < values.length; at += 1) values[at] = random.chance(keep) ? 1 / keep : 0;
    inputs.set(inputNames.noise(name), tf.tensor(values, [...shape]));
  });
  return inputs;
}

function imagesAt({ images }: Batch, side: number, { start, end }: Omit<Piece, 'index'>): tf.Tensor4D {
  const size = side * side * 3;
  return tf.tensor4d(images.subarray(start * size, end * size), [end - start, side, side, 3]);
}

function labelsAt({ labels }: Batch, { start, end }: Omit<Piece, 'index'>): tf.Tensor1D {
  return tf.tensor1d(labels.subarray(start, end), 'int32');
}
