import type { ImageSource } from '../image-source.ts';
import type { InputRequest } from '../prepare-input.ts';

/** Some images of a batch, to be made ready by one thread. */
export interface Job {
  /** Of the whole batch, shared: [n, crop, crop, 3]. */
  readonly images: Float32Array<SharedArrayBuffer>;
  readonly parts: readonly Part[];
  /** Not zero once nobody wants the batch any more: then what is left of its work is not done. */
  readonly dropped: Int32Array<SharedArrayBuffer>;
}

export interface Part {
  readonly source: ImageSource;
  readonly request: InputRequest;
  /** Index in `images` of the image's first value. */
  readonly at: number;
}

/** What a thread is sent. */
export interface JobMessage extends Job {
  readonly id: number;
}

/** What it answers when all parts are done. */
export interface JobAnswer {
  readonly id: number;
  /** Parts that could not be made; the main thread tries each again, and meets the failure as its own. */
  readonly failed: readonly number[];
}
