import type { Plane } from './plane.ts';

/** A complex plane, e.g. a spectrum: the frequency (0, 0) first, as the transform yields it. */
export interface Spectrum {
  readonly width: number;
  readonly height: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** The two-dimensional discrete Fourier transform, of any size. */
export function fourier({ width, height, data }: Plane): Spectrum {
  const spectrum = { width, height, real: Float64Array.from(data), imaginary: new Float64Array(data.length) };
  transformLines(spectrum);
  return spectrum;
}

/** The real part of the inverse transform. */
export function inverseFourier({ width, height, real, imaginary }: Spectrum): Plane {
  // The inverse is the conjugate of the transform of the conjugate, divided by the number of values.
  const work = { width, height, real: Float64Array.from(real), imaginary: imaginary.map((value) => -value) };
  transformLines(work);
  return { width, height, data: work.real.map((value) => value / (width * height)) };
}

function transformLines({ width, height, real, imaginary }: Spectrum): void {
  const lines = (length: number, lines: number, step: number, lineStep: number): void => {
    const transform = transformOf(length);
    const line = { real: new Float64Array(length), imaginary: new Float64Array(length) };
    for (let index = 0; index < lines; index += 1) {
      for (let at = 0; at < length; at += 1) {
        line.real[at] = real[index * lineStep + at * step]!;
        line.imaginary[at] = imaginary[index * lineStep + at * step]!;
      }
      transform(line);
      for (let at = 0; at < length; at += 1) {
        real[index * lineStep + at * step] = line.real[at]!;
        imaginary[index * lineStep + at * step] = line.imaginary[at]!;
      }
    }
  };
  lines(width, height, 1, width);
  lines(height, width, width, 1);
}

interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** A transform in place of lines of one length. */
type Transform = (line: Complex) => void;

function transformOf(length: number): Transform {
  return (length & (length - 1)) === 0 ? powerOfTwo(length) : anyLength(length);
}

/** Cooley and Tukey (1965), radix 2, decimation in time. */
function powerOfTwo(length: number): Transform {
  const order = reversedBits(length);
  const cos = Float64Array.from({ length: length / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / length));
  const sin = Float64Array.from({ length: length / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / length));
  return ({ real, imaginary }) => {
    for (let at = 0; at < length; at += 1) {
      const other = order[at]!;
      if (other <= at) continue;
      [real[at], real[other]] = [real[other]!, real[at]!];
      [imaginary[at], imaginary[other]] = [imaginary[other]!, imaginary[at]!];
    }
    for (let half = 1; half < length; half *= 2) {
      const stride = length / (2 * half);
      for (let block = 0; block < length; block += 2 * half) {
        for (let k = 0; k < half; k += 1) {
          const [low, high] = [block + k, block + k + half];
          const [c, s] = [cos[k * stride]!, -sin[k * stride]!];
          const re = real[high]! * c - imaginary[high]! * s;
          const im = real[high]! * s + imaginary[high]! * c;
          real[high] = real[low]! - re;
          imaginary[high] = imaginary[low]! - im;
          real[low] = real[low]! + re;
          imaginary[low] = imaginary[low]! + im;
        }
      }
    }
  };
}

/** Bluestein (1970): a transform of any length as a convolution with a chirp, done with transforms of a power of two. */
function anyLength(length: number): Transform {
  let padded = 1;
  while (padded < 2 * length - 1) padded *= 2;
  const inner = powerOfTwo(padded);
  // exp(-i pi k^2 / n); k^2 is reduced modulo 2 n, where the chirp repeats, to keep the angle exact.
  const angle = (k: number): number => (Math.PI * ((k * k) % (2 * length))) / length;
  const cos = Float64Array.from({ length }, (_, k) => Math.cos(angle(k)));
  const sin = Float64Array.from({ length }, (_, k) => -Math.sin(angle(k)));
  const chirp = { real: new Float64Array(padded), imaginary: new Float64Array(padded) };
  for (let k = 0; k < length; k += 1) {
    chirp.real[k] = chirp.real[(padded - k) % padded] = cos[k]!;
    chirp.imaginary[k] = chirp.imaginary[(padded - k) % padded] = -sin[k]!;
  }
  inner(chirp);
  return ({ real, imaginary }) => {
    const work = { real: new Float64Array(padded), imaginary: new Float64Array(padded) };
    for (let k = 0; k < length; k += 1) {
      work.real[k] = real[k]! * cos[k]! - imaginary[k]! * sin[k]!;
      work.imaginary[k] = real[k]! * sin[k]! + imaginary[k]! * cos[k]!;
    }
    inner(work);
    for (let k = 0; k < padded; k += 1) {
      const re = work.real[k]! * chirp.real[k]! - work.imaginary[k]! * chirp.imaginary[k]!;
      const im = work.real[k]! * chirp.imaginary[k]! + work.imaginary[k]! * chirp.real[k]!;
      // Conjugated, so that the same transform serves as the inverse.
      work.real[k] = re;
      work.imaginary[k] = -im;
    }
    inner(work);
    for (let k = 0; k < length; k += 1) {
      const [re, im] = [work.real[k]! / padded, -work.imaginary[k]! / padded];
      real[k] = re * cos[k]! - im * sin[k]!;
      imaginary[k] = re * sin[k]! + im * cos[k]!;
    }
  };
}

function reversedBits(length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let at = 1; at < length; at += 1) order[at] = (order[at >> 1]! >> 1) | (at & 1 ? length >> 1 : 0);
  return order;
}
