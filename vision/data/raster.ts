/** Decoded pixels. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Interleaved RGB, 3 bytes a pixel, row by row. */
  readonly data: Uint8Array;
}

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel: 0 background, 255 void border, anything else the index of what is seen there. */
  readonly data: Uint8Array;
}
