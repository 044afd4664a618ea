import type { Preprocessing } from '../models/model-entry.ts';
import { randomFrom } from '../random/random.ts';
import type { Augment } from './augment.ts';
import type { ImageAccess, ImageSet } from './image-set.ts';
import { makeHere, makeInThreads, type WantedInput } from './make-inputs.ts';
import { makeKept } from './make-kept.ts';
import type { InputRequest } from './prepare-input.ts';
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
  readonly images: Float32Array;
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
  const dropped = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const drop = (): void => void Atomics.store(dropped, 0, 1);
  signal?.addEventListener('abort', drop, { once: true });
  const waiting: Promise<Batch>[] = [];
  try {
    for (let start = 0; start < order.length || waiting.length > 0;) {
      while (start < order.length && waiting.length <= prefetch) {
        signal?.throwIfAborted();
        const draws = drawsFrom(order, start, Math.min(start + batchSize, order.length));
        const batch = makeBatch(request, draws, dropped);
        // A batch that fails while an earlier one is in use (or after the consumer left) is not an unhandled rejection.
        batch.catch(() => undefined);
        waiting.push(batch);
        start += batchSize;
      }
      const batch = await waiting.shift()!;
      signal?.throwIfAborted();
      yield batch;
    }
  } finally {
    signal?.removeEventListener('abort', drop);
    drop();
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

type Draws = Int32Array<ArrayBuffer>;

/** Not zero once the consumer has left: threads look. */
type Dropped = Int32Array<SharedArrayBuffer>;

function drawsFrom(order: ArrayLike<number>, start: number, end: number): Draws {
  return Int32Array.from({ length: end - start }, (_, offset) => order[start + offset]!);
}

/** The work for which starting threads (0.13 s of processor time each) pays where a policy augments: 42 inputs of 224 pixels, 2,048 of 32. */
const startingPays = 2 ** 21;

/** Running threads take anything: telling them takes the main thread a tenth of the time that the work takes. */
function worthThreads({ set, order, preprocessing }: LoadRequest): boolean {
  const pixels = order.length * preprocessing.crop ** 2;
  return set.threads !== undefined && (set.threads.running > 0 || pixels >= startingPays);
}

async function makeBatch(request: LoadRequest, draws: Draws, dropped: Dropped): Promise<Batch> {
  const { set, preprocessing, augment } = request;
  const records = set.records.length;
  const size = preprocessing.crop ** 2 * 3;
  const indices = draws.map((draw) => draw % records);
  const labels = indices.map((index) => set.records[index]!.label);
  const inputs = Array.from(draws, (draw, position): WantedInput => {
    return { index: draw % records, request: inputRequest(request, draw), at: position * size };
  });
  const kept = augment === undefined ? set.inputs?.(preprocessing) : undefined;
  const make = (wanted: readonly WantedInput[], from: ImageAccess): Promise<Float32Array> =>
    makeInputs(wanted, {
      request: { ...request, set: { ...set, ...from } },
      size: draws.length * size,
      dropped,
    });
  const images =
    kept === undefined ? await make(inputs, set) : await makeKept(inputs, { kept, dropped, make });
  return { images, labels, indices };
}

function makeInputs(
  inputs: readonly WantedInput[],
  {
    request,
    size,
    dropped,
  }: { readonly request: LoadRequest; readonly size: number; readonly dropped: Dropped },
): Promise<Float32Array> {
  const { set } = request;
  const { threads, source } = set;
  return threads !== undefined && source !== undefined && worthThreads(request)
    ? makeInThreads(inputs, { set: { ...set, source }, threads, size, dropped })
    : makeHere(inputs, { set, size });
}

function inputRequest({ set, preprocessing, augment, seed, epoch }: LoadRequest, draw: number): InputRequest {
  const records = set.records.length;
  const repeat = Math.floor(draw / records);
  const keys = [seed, epoch, draw % records, ...(repeat === 0 ? [] : [repeat])];
  return { preprocessing, keys, ...(augment === undefined ? {} : { augment }) };
}
