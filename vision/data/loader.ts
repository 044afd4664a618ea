import type { Preprocessing } from '../models/model-entry.ts';
import { randomFrom } from '../random/random.ts';
import { type Augment, augmentImage } from './augment.ts';
import type { ImageSet } from './image-set.ts';
import { normalise } from './normalise.ts';
import { resizeAndCrop } from './preprocess.ts';

export interface LoadRequest {
  readonly set: ImageSet;
  /** Indices into the set's records, in the order in which they are wanted. */
  readonly order: ArrayLike<number>;
  readonly batchSize: number;
  readonly preprocessing: Preprocessing;
  /** Absent: evaluation. */
  readonly augment?: Augment;
  readonly seed: number;
  readonly epoch: number;
  /** Batches made ready ahead of the one in use. Default 2. */
  readonly prefetch?: number;
  readonly signal?: AbortSignal;
}

export interface Batch {
  /** [n, crop, crop, 3], normalised. The last batch may be short. */
  readonly images: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
  /** Which records these are. */
  readonly indices: Int32Array<ArrayBuffer>;
}

/**
 * Batches of a data set, in the given order, made ready ahead of use. What is done to an image at random depends on
 * (seed, epoch, its index) only: not on the batch, the order, nor on which thread is faster. Throws what decoding
 * throws (`ImageFailure`), or the signal's reason.
 */
export async function* loadBatches(request: LoadRequest): AsyncGenerator<Batch, void, undefined> {
  const { order, batchSize, prefetch = 2, signal } = request;
  const waiting: Promise<Batch>[] = [];
  for (let start = 0; start < order.length || waiting.length > 0;) {
    while (start < order.length && waiting.length <= prefetch) {
      signal?.throwIfAborted();
      const batch = makeBatch(request, indicesFrom(order, start, Math.min(start + batchSize, order.length)));
      // A batch that fails while an earlier one is in use (or after the consumer left) is not an unhandled rejection.
      batch.catch(() => undefined);
      waiting.push(batch);
      start += batchSize;
    }
    const batch = await waiting.shift()!;
    signal?.throwIfAborted();
    yield batch;
  }
}

/** Every record once, in a random order that depends on (seed, epoch). */
export function epochOrder(request: {
  readonly images: number;
  readonly seed: number;
  readonly epoch: number;
}): Int32Array {
  return randomFrom(request.seed, request.epoch, orderStream).permutation(request.images);
}

/** Keeps the order's draws apart from those of image 0. */
const orderStream = -1;

function indicesFrom(order: ArrayLike<number>, start: number, end: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: end - start }, (_, offset) => order[start + offset]!);
}

async function makeBatch(request: LoadRequest, indices: Int32Array<ArrayBuffer>): Promise<Batch> {
  const { set, preprocessing } = request;
  const pixels = preprocessing.crop * preprocessing.crop * 3;
  const images = new Float32Array(indices.length * pixels);
  const labels = Int32Array.from(indices, (index) => set.records[index]!.label);
  await Promise.all(
    Array.from(indices, async (index, position) => {
      const image = await inputImage(request, index);
      normalise({ image, preprocessing, out: images, at: position * pixels });
    }),
  );
  return { images, labels, indices };
}

async function inputImage(request: LoadRequest, index: number) {
  const { set, preprocessing, augment, seed, epoch } = request;
  const image = await set.image(index);
  return augment === undefined
    ? resizeAndCrop(image, preprocessing)
    : augmentImage(image, { preprocessing, augment, random: randomFrom(seed, epoch, index) });
}
