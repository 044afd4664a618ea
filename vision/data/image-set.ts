import type { ImageSource } from './image-source.ts';
import type { Preprocessing } from '../models/model-entry.ts';
import type { Mask, Raster } from './raster.ts';
import type { LoaderThreads } from './threads/loader-threads.ts';

export type { Mask, Raster } from './raster.ts';

/** A data set opened for reading. Records are cheap; pixels are decoded on demand, off the main thread. */
export interface ImageSet extends ImageAccess {
  readonly name: string;
  /** Class names; `label` indexes them. Empty where images have no class. */
  readonly classes: readonly string[];
  readonly records: readonly ImageRecord[];
  /** Threads that may make its images ready, where whoever opened the set has some. */
  readonly threads?: LoaderThreads;
  /** What is kept of its inputs, where whoever opened the set keeps any. */
  readonly inputs?: (preprocessing: Preprocessing) => KeptInputs;
  /** The ground-truth mask of an image, where the set has masks; undefined for an image without. Same size as the image. */
  readonly mask?: (index: number) => Promise<Mask | undefined>;
  /** What the indices in its masks number. Absent: they tell foreground from background and no more. */
  readonly maskIndices?: MaskIndices;
}

/**
 * Inputs of evaluation, kept as 8-bit images of the model's input size: one evaluation after the other sees the same ones,
 * be it the members of a pool. Beside decoded images they save the resizing too, and take less memory where images are larger.
 */
export interface KeptInputs {
  /** What the model sees, before it is normalised; undefined where it is not kept. */
  readonly get: (index: number) => Raster | undefined;
  /**
   * Memory for an input, [crop, crop, 3], that threads can write to; undefined where there is no room or nothing to gain. Whoever
   * got it hands it to `put` when it is filled, or else to `giveBack`.
   */
  readonly reserve: (index: number) => Pixels | undefined;
  readonly put: (index: number, pixels: Pixels) => void;
  readonly giveBack: (pixels: Pixels) => void;
  /** The images themselves, for who does not want them kept as decoded, too. */
  readonly from: ImageAccess;
}

export type Pixels = Uint8Array<SharedArrayBuffer>;

/** How the pixels are got at. */
export interface ImageAccess {
  /** Decoded 8-bit RGB. Safe to call concurrently. */
  image(index: number): Promise<Raster>;
  /** Where the same pixels are to be had by a thread. Absent where only `image` knows. */
  readonly source?: (index: number) => ImageSource | Promise<ImageSource>;
}

export type MaskIndices =
  /** Index i is `names[i - 1]`. */
  | { readonly of: 'classes'; readonly names: readonly string[] }
  /** The first, second, … object of the image. */
  | { readonly of: 'objects' };

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
