import type { Raster } from './raster.ts';

type Interpolation = 'bilinear' | 'bicubic';

/** The part of the source that is resized, in pixels; may be fractional. */
interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface ResizeRequest {
  readonly width: number;
  readonly height: number;
  readonly interpolation: Interpolation;
  /** Default: the whole image. */
  readonly region?: Region;
}

/**
 * Pillow's antialiased resize, to the bit: a triangle or cubic (a = -0.5) filter whose support grows when shrinking,
 * two passes in 22-bit fixed point, each rounded to 8 bits. The horizontal pass goes first; where only the height
 * shrinks, the vertical one, so that the image between them is the smaller one.
 */
export function resize(image: Raster, request: ResizeRequest): Raster {
  const { width, height, interpolation } = request;
  const region = request.region ?? { x0: 0, y0: 0, x1: image.width, y1: image.height };
  const columns = filterTaps(image.width, region.x0, region.x1, width, interpolation);
  const rows = filterTaps(image.height, region.y0, region.y1, height, interpolation);
  if (width > region.x1 - region.x0 && height < region.y1 - region.y0) {
    return resizeRows(resizeColumns(image, rows), columns, [0, height]);
  }
  const across = isIdentity(columns, image.width)
    ? image
    : resizeRows(image, columns, [rows.starts[0]!, rows.starts[height - 1]! + rows.counts[height - 1]!]);
  return isIdentity(rows, across.height) ? across : resizeColumns(across, rows);
}

/** For each output position: where its source pixels start, and their fixed-point weights. */
interface Taps {
  readonly size: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [size, stride] */
  readonly weights: Int32Array;
  readonly stride: number;
}

const precision = 22;

function filterTaps(
  inSize: number,
  from: number,
  to: number,
  size: number,
  interpolation: Interpolation,
): Taps {
  const filter = interpolation === 'bilinear' ? triangle : cubic;
  const scale = (to - from) / size;
  const filterScale = Math.max(scale, 1);
  const support = (interpolation === 'bilinear' ? 1 : 2) * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(size);
  const counts = new Int32Array(size);
  const weights = new Int32Array(size * stride);
  const exact = new Float64Array(stride);
  for (let out = 0; out < size; out += 1) {
    const centre = from + (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inSize, Math.trunc(centre + support + 0.5)) - start;
    let total = 0;
    for (let tap = 0; tap < count; tap += 1) {
      const weight = filter((tap + start - centre + 0.5) / filterScale);
      exact[tap] = weight;
      total += weight;
    }
    for (let tap = 0; tap < count; tap += 1) {
      const scaled = (exact[tap]! / total) * 2 ** precision;
      weights[out * stride + tap] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    starts[out] = start;
    counts[out] = count;
  }
  return { size, starts, counts, weights, stride };
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
}

function isIdentity(taps: Taps, inSize: number): boolean {
  if (taps.size !== inSize) return false;
  for (let out = 0; out < taps.size; out += 1) {
    const offset = out - taps.starts[out]!;
    if (taps.weights[out * taps.stride + offset] !== 1 << precision) return false;
  }
  return true;
}

/** The horizontal pass, of the rows from the first number to before the second; the others stay zero. */
function resizeRows(image: Raster, columns: Taps, [firstRow, lastRow]: readonly [number, number]): Raster {
  const { starts, counts, weights, stride, size } = columns;
  const out = new Uint8Array(size * image.height * 3);
  for (let y = firstRow; y < lastRow; y += 1) {
    for (let x = 0; x < size; x += 1) {
      let source = (y * image.width + starts[x]!) * 3;
      let [red, green, blue] = [half, half, half];
      for (let tap = 0; tap < counts[x]!; tap += 1, source += 3) {
        const weight = weights[x * stride + tap]!;
        red += image.data[source]! * weight;
        green += image.data[source + 1]! * weight;
        blue += image.data[source + 2]! * weight;
      }
      store(out, (y * size + x) * 3, red, green, blue);
    }
  }
  return { width: size, height: image.height, data: out };
}

function resizeColumns(image: Raster, rows: Taps): Raster {
  const { starts, counts, weights, stride, size } = rows;
  const out = new Uint8Array(image.width * size * 3);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      let source = (starts[y]! * image.width + x) * 3;
      let [red, green, blue] = [half, half, half];
      for (let tap = 0; tap < counts[y]!; tap += 1, source += image.width * 3) {
        const weight = weights[y * stride + tap]!;
        red += image.data[source]! * weight;
        green += image.data[source + 1]! * weight;
        blue += image.data[source + 2]! * weight;
      }
      store(out, (y * image.width + x) * 3, red, green, blue);
    }
  }
  return { width: image.width, height: size, data: out };
}

const half = 1 << (precision - 1);

function store(out: Uint8Array, at: number, red: number, green: number, blue: number): void {
  out[at] = clamp(red >> precision);
  out[at + 1] = clamp(green >> precision);
  out[at + 2] = clamp(blue >> precision);
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
