/** What is made of images that are not plain RGB, or not whole; names as a study writes them. */
export interface Decoding {
  /** Whether the camera's note on how it was held turns the image. */
  readonly exif: 'ignore' | 'apply';
  /** Printers' colours by libvips' own profile, or (255 - C)(255 - K) / 255 as Pillow has it. */
  readonly cmyk: 'profile' | 'simple';
  /** A damaged or truncated image is a failure, or what can be read of it, the rest grey or black. */
  readonly damaged: 'fail' | 'keep';
}

export const usualDecoding: Decoding = { exif: 'ignore', cmyk: 'profile', damaged: 'fail' };
