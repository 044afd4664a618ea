import type { Preprocessing } from '../models/model-entry.ts';
import { randomFrom } from '../random/random.ts';
import type { Augment } from './augment.ts';
import type { ImageSet } from './image-set.ts';
import { type InputRequest, prepareInput } from './prepare-input.ts';
import { repeatedOrder } from './repeated-order.ts';

export interface LoadRequest {
  readonly set: ImageSet;
  /** Indices into the set's records, in the order in which they are wanted; or draws, as `repeatedOrder` gives them. */
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
 * (seed, epoch, its index and repetition) only: not on the batch, the order, nor on which thread is faster. Throws what decoding
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

/**
 * Every record once, in a random order that depends on (seed, epoch). With `repeats`, the records of that order several
 * times each, one beside the other (`repeatedOrder`).
 */
export function epochOrder(request: {
  readonly images: number;
  readonly seed: number;
  readonly epoch: number;
  /** Default 1. */
  readonly repeats?: number;
}): Int32Array {
  const { images, seed, epoch, repeats = 1 } = request;
  const order = randomFrom(seed, epoch, orderStream).permutation(images);
  return repeats === 1 ? order : repeatedOrder(order, { repeats });
}

/** Keeps the order's draws apart from those of image 0. */
const orderStream = -1;

function indicesFrom(order: ArrayLike<number>, start: number, end: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: end - start }, (_, offset) => order[start + offset]!);
}

async function makeBatch(request: LoadRequest, draws: Int32Array<ArrayBuffer>): Promise<Batch> {
  const { set, preprocessing } = request;
  const records = set.records.length;
  const pixels = preprocessing.crop * preprocessing.crop * 3;
  const images = new Float32Array(draws.length * pixels);
  const indices = draws.map((draw) => draw % records);
  const labels = indices.map((index) => set.records[index]!.label);
  await Promise.all(
    Array.from(draws, async (draw, position) => {
      const image = await set.image(draw % records);
      prepareInput(image, inputRequest(request, draw), images, position * pixels);
    }),
  );
  return { images, labels, indices };
}

function inputRequest({ set, preprocessing, augment, seed, epoch }: LoadRequest, draw: number): InputRequest {
  const records = set.records.length;
  const repeat = Math.floor(draw / records);
  const keys = [seed, epoch, draw % records, ...(repeat === 0 ? [] : [repeat])];
  return { preprocessing, keys, ...(augment === undefined ? {} : { augment }) };
}
