import type { Plane } from './plane.ts';

/** What lies beyond the border: a fixed value, the mirrored image, or the other side. */
export type Border =
  { readonly kind: 'constant'; readonly value: number } | { readonly kind: 'mirror' | 'wrap' };

/**
 * Convolution with a normal kernel of standard deviation `sigma` pixels, cut off at four of them (scipy's
 * `gaussian_filter`).
 */
export function gaussianBlur(plane: Plane, sigma: number, border: Border): Plane {
  const kernel = gaussianKernel(sigma);
  if (kernel.length === 1) return plane;
  const { width, height } = plane;
  const across = new Float64Array(width * height);
  const out = new Float64Array(width * height);
  blurLines(plane.data, across, { lines: height, lineStep: width, length: width, step: 1 }, kernel, border);
  blurLines(across, out, { lines: width, lineStep: 1, length: height, step: width }, kernel, border);
  return { width, height, data: out };
}

/** Weights at -radius … radius; their sum is 1. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, at) => {
    const x = at - radius;
    return x === 0 ? 1 : Math.exp((-0.5 * x * x) / (sigma * sigma));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

interface Lines {
  readonly lines: number;
  readonly lineStep: number;
  readonly length: number;
  readonly step: number;
}

function blurLines(
  from: Float64Array,
  to: Float64Array,
  shape: Lines,
  kernel: Float64Array,
  border: Border,
): void {
  const { lines, lineStep, length, step } = shape;
  const radius = (kernel.length - 1) / 2;
  const padded = new Float64Array(length + 2 * radius);
  for (let line = 0; line < lines; line += 1) {
    const start = line * lineStep;
    for (let at = 0; at < padded.length; at += 1) {
      const source = sourceOf(at - radius, length, border);
      padded[at] =
        source < 0 ? (border as Border & { kind: 'constant' }).value : from[start + source * step]!;
    }
    for (let at = 0; at < length; at += 1) {
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap += 1) sum += padded[at + tap]! * kernel[tap]!;
      to[start + at * step] = sum;
    }
  }
}

/** Where a place beyond the border takes its value from; -1 for the constant. */
function sourceOf(at: number, length: number, border: Border): number {
  if (at >= 0 && at < length) return at;
  switch (border.kind) {
    case 'constant':
      return -1;
    case 'wrap':
      return ((at % length) + length) % length;
    case 'mirror': {
      const period = ((at % (2 * length)) + 2 * length) % (2 * length);
      return period < length ? period : 2 * length - 1 - period;
    }
  }
}
