import type { ImageSource } from './image-source.ts';
import type { Mask, Raster } from './raster.ts';
import type { LoaderThreads } from './threads/loader-threads.ts';

export type { Mask, Raster } from './raster.ts';

/** A data set opened for reading. Records are cheap; pixels are decoded on demand, off the main thread. */
export interface ImageSet {
  readonly name: string;
  /** Class names; `label` indexes them. Empty where images have no class. */
  readonly classes: readonly string[];
  readonly records: readonly ImageRecord[];
  /** Decoded 8-bit RGB. Safe to call concurrently. */
  image(index: number): Promise<Raster>;
  /** Where the same pixels are to be had by a thread. Absent where only `image` knows. */
  readonly source?: (index: number) => ImageSource | Promise<ImageSource>;
  /** Threads that may make its images ready, where whoever opened the set has some. */
  readonly threads?: LoaderThreads;
  /** The ground-truth mask of an image, where the set has masks. Same size as the image. */
  readonly mask?: (index: number) => Promise<Mask>;
}

export interface ImageRecord {
  /** Stable within the set: the relative path, or the drawing's number. */
  readonly id: string;
  /** Index into `classes`; -1 where unknown. */
  readonly label: number;
  /** Out-of-distribution condition as a normalised name: `0.1`, `90`, `cr`. */
  readonly condition?: string;
  /** Cue-conflict: the texture's category. `label` is the shape. */
  readonly texture?: string;
  readonly boxes?: readonly Box[];
}

/** Pixel coordinates, half-open: [x0, x1) x [y0, y1). May be fractional in real annotations. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Category of the object. */
  readonly category?: string;
  readonly difficult?: boolean;
  readonly truncated?: boolean;
}
