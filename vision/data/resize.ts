import { filterTaps, reversed, type Taps } from './filter-taps.ts';
import { emptyPixelMemory } from './kernels/pixel-memory.ts';
import type { Raster } from './raster.ts';

type Interpolation = 'bilinear' | 'bicubic';

export interface ResizeRequest {
  readonly width: number;
  readonly height: number;
  readonly interpolation: Interpolation;
  /** Whether the result is mirrored, left and right; it costs nothing. */
  readonly mirror?: boolean;
}

/**
 * Pillow's antialiased resize, to the bit: a triangle or cubic (a = -0.5) filter whose support grows when shrinking,
 * two passes in 22-bit fixed point, each rounded to 8 bits. The horizontal pass goes first; where only the height
 * shrinks, the vertical one, so that the image between them is the smaller one.
 */
export function resize(image: Raster, request: ResizeRequest): Raster {
  const { width, height, interpolation, mirror = false } = request;
  const fromLeft = filterTaps({ inSize: image.width, size: width, interpolation });
  const rows = filterTaps({ inSize: image.height, size: height, interpolation });
  const across: Pass = { kind: 'across', taps: mirror ? reversed(fromLeft) : fromLeft };
  const down: Pass = { kind: 'down', taps: rows };
  if (width > image.width && height < image.height) return resample(image, [down, across]);
  return resample(image, [
    ...(width === image.width && !mirror ? [] : [across]),
    ...(height === image.height ? [] : [down]),
  ]);
}

interface Pass {
  readonly kind: 'across' | 'down';
  readonly taps: Taps;
}

function resample(image: Raster, passes: readonly Pass[]): Raster {
  if (passes.length === 0) return image;
  const memory = emptyPixelMemory();
  let [at, width, height] = [memory.place(image.data), image.width, image.height];
  for (const { kind, taps } of passes) {
    const { size, stride } = taps;
    const [starts, counts, weights] = [
      memory.place(taps.starts),
      memory.place(taps.counts),
      memory.place(taps.weights),
    ];
    const target = memory.room(size * (kind === 'across' ? height : width) * 3);
    if (kind === 'across') {
      memory.kernels.across(at, width, height, starts, counts, weights, stride, size, target);
      width = size;
    } else {
      memory.kernels.down(at, width * 3, starts, counts, weights, stride, size, target);
      height = size;
    }
    at = target;
  }
  return { width, height, data: memory.take(at, width * height * 3) };
}
