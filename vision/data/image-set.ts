/** A data set opened for reading. Records are cheap; pixels are decoded on demand, off the main thread. */
export interface ImageSet {
  readonly name: string;
  /** Class names; `label` indexes them. Empty where images have no class. */
  readonly classes: readonly string[];
  readonly records: readonly ImageRecord[];
  /** Decoded 8-bit RGB. Safe to call concurrently. */
  image(index: number): Promise<Raster>;
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

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Interleaved RGB, 3 bytes a pixel, row by row. */
  readonly data: Uint8Array;
}

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel: 0 background, 1 foreground, 255 void border. */
  readonly data: Uint8Array;
}
