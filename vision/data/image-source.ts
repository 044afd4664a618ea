import type { Decoding } from './decoding.ts';
import type { Raster } from './raster.ts';

/** Where an image's pixels are to be had: plain data, so that a thread can be told. */
export type ImageSource =
  | { readonly kind: 'file'; readonly file: ListedFile; readonly decoding?: Decoding }
  | { readonly kind: 'raster'; readonly raster: Raster };

/** A file of a data set, and what it was like when the set was identified. */
export interface ListedFile {
  /** As the data set lists it. */
  readonly path: string;
  /** Absolute, on this machine. */
  readonly place: string;
  readonly size: number;
  readonly mtimeMs: number;
}
