import { tf } from '../tf.ts';

export interface DepthwiseAttrs {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export type Shape4D = [number, number, number, number];

/** Calls `visit` for every product of a depthwise convolution, with the flat indices of its three cells. */
export function forEachProduct(
  { inShape, filterShape, attrs }: { inShape: Shape4D; filterShape: Shape4D; attrs: DepthwiseAttrs },
  visit: (x: number, filter: number, y: number) => void,
): void {
  const { strides, dilations, pad, dimRoundingMode } = attrs;
  const geometry = tf.backend_util.computeConv2DInfo(
    inShape,
    filterShape,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  const [batch, height, width, channels] = inShape;
  const [filterHeight, filterWidth, , multiplier] = filterShape;
  const { outHeight, outWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = geometry;
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const to = ((b * outHeight + row) * outWidth + column) * channels * multiplier;
        for (let i = 0; i < filterHeight; i++) {
          const y = row * strideHeight - padInfo.top + i * dilationHeight;
          if (y < 0 || y >= height) continue;
          for (let j = 0; j < filterWidth; j++) {
            const x = column * strideWidth - padInfo.left + j * dilationWidth;
            if (x < 0 || x >= width) continue;
            const from = ((b * height + y) * width + x) * channels;
            const tap = (i * filterWidth + j) * channels * multiplier;
            for (let k = 0; k < channels * multiplier; k++) {
              visit(from + Math.floor(k / multiplier), tap + k, to + k);
            }
          }
        }
      }
    }
  }
}
