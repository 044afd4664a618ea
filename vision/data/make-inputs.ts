import type { ImageSet } from './image-set.ts';
import type { ImageSource } from './image-source.ts';
import type { Raster } from './raster.ts';
import { type InputRequest, prepareInput } from './prepare-input.ts';
import type { Part } from './threads/job.ts';
import type { LoaderThreads } from './threads/loader-threads.ts';

/** An image of a batch: which, how, and where its values begin. */
export interface WantedInput {
  readonly index: number;
  readonly request: InputRequest;
  readonly at: number;
  /** The image to make it of, where it need not be asked for. */
  readonly image?: Raster;
}

/** Images decode on libuv's threads; all else is done here, between the steps of the training. */
export async function makeHere(
  inputs: readonly WantedInput[],
  { set, size }: { readonly set: ImageSet; readonly size: number },
): Promise<Float32Array> {
  const images = new Float32Array(size);
  await Promise.all(inputs.map((input) => makeOne(input, set, images)));
  return images;
}

/** Images in a job: few enough that a batch is spread over the threads, enough that messages cost little. */
const imagesPerJob = 8;

interface ThreadedRequest {
  readonly set: ImageSet & { readonly source: (index: number) => ImageSource | Promise<ImageSource> };
  readonly threads: LoaderThreads;
  readonly size: number;
  readonly dropped: Int32Array<SharedArrayBuffer>;
}

/** The same values, made by threads straight into the batch. What fails there is tried here, and fails as if it never had left. */
export async function makeInThreads(
  inputs: readonly WantedInput[],
  { set, threads, size, dropped }: ThreadedRequest,
): Promise<Float32Array> {
  const images = new Float32Array(new SharedArrayBuffer(size * Float32Array.BYTES_PER_ELEMENT));
  const perJob = Math.min(imagesPerJob, Math.ceil(inputs.length / threads.count));
  await Promise.all(
    inChunks(inputs, perJob).map(async (chunk) => {
      const parts = await Promise.all(
        chunk.map(async ({ index, request, at, image }): Promise<Part> => {
          const source =
            image === undefined ? await set.source(index) : ({ kind: 'raster', raster: image } as const);
          return { source, request, at };
        }),
      );
      const failed = await threads.run({ images, parts, dropped });
      for (const part of failed) await makeOne(chunk[part]!, set, images);
    }),
  );
  return images;
}

async function makeOne(
  { index, request, at, image }: WantedInput,
  set: ImageSet,
  images: Float32Array,
): Promise<void> {
  prepareInput(image ?? (await set.image(index)), request, images, at);
}

function inChunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}
