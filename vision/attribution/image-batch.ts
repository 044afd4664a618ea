/** Preprocessed images, [count, height, width, 3] row by row. */
export interface ImageBatch {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** Values of one image. */
export function imageSize(images: { readonly height: number; readonly width: number }): number {
  return images.height * images.width * 3;
}

/** Images `from` up to `to` (left out) of a batch. */
export function sliceImages(images: ImageBatch, from: number, to: number): ImageBatch {
  const size = imageSize(images);
  return { ...images, count: to - from, data: images.data.slice(from * size, to * size) };
}

/** [count, height, width, 3] to [count, 3, height, width]. */
export function channelsFirst(images: ImageBatch): Float32Array<ArrayBuffer> {
  const pixels = images.height * images.width;
  const out = new Float32Array(images.data.length);
  for (let image = 0; image < images.count; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        out[(image * 3 + channel) * pixels + pixel] = images.data[(image * pixels + pixel) * 3 + channel]!;
      }
    }
  }
  return out;
}
