import type { Raster } from '../raster.ts';
import { toByte } from '../plane.ts';
import { type Distortion, unknownCondition } from './distortion.ts';

/** Colours as they are (`true`), or (`false`) replaced by their opponents of the same luminance. */
export const falseColour: Distortion = (image, { condition }) => {
  switch (condition) {
    case 'true':
      return image;
    case 'false':
      return toOpponentColours(image);
    default:
      throw unknownCondition('false colour', condition);
  }
};

type Triple = readonly [number, number, number];

/** Linear sRGB to CIE XYZ (IEC 61966-2-1). */
const rgbToXyz: readonly Triple[] = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
];

/** CIE XYZ to the responses of the long, middle and short cones (Smith and Pokorny 1975, scaled so that L + M is luminance). */
const xyzToCones: readonly Triple[] = [
  [0.15514, 0.54312, -0.03286],
  [-0.15514, 0.45684, 0.03286],
  [0, 0, 0.01608],
];

/**
 * Inverts both chromatic axes of the space of Derrington, Krauskopf and Lennie (Brainard 1996) around middle grey, in
 * linear light: red and green, and blue and yellow, change places, and luminance stays. What a screen cannot show is
 * clipped. The published set used the measured primaries of one monitor; ours are sRGB's.
 */
function toOpponentColours({ width, height, data }: Raster): Raster {
  const linear = Float64Array.from({ length: 256 }, (_, byte) => toLinear(byte / 255));
  const toCones = multiply(xyzToCones, rgbToXyz);
  const back = inverse(toCones);
  const grey = apply(toCones, [0.5, 0.5, 0.5]);
  const out = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const cones = apply(toCones, [linear[data[at]!]!, linear[data[at + 1]!]!, linear[data[at + 2]!]!]);
    const opponent = apply(back, invertChroma(cones, grey));
    for (let channel = 0; channel < 3; channel += 1)
      out[at + channel] = toByte(fromLinear(opponent[channel]!));
  }
  return { width, height, data: out };
}

function invertChroma(cones: Triple, grey: Triple): Triple {
  const [l, m, s] = [cones[0] - grey[0], cones[1] - grey[1], cones[2] - grey[2]];
  const luminance = l + m;
  const ratio = grey[0] / grey[1];
  const redGreen = l - ratio * m;
  const share = grey[2] / (grey[0] + grey[1]);
  const middle = (luminance + redGreen) / (1 + ratio);
  return [grey[0] + luminance - middle, grey[1] + middle, grey[2] + 2 * share * luminance - s];
}

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function fromLinear(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

function apply(matrix: readonly Triple[], [x, y, z]: Triple): Triple {
  return matrix.map((row) => row[0] * x + row[1] * y + row[2] * z) as unknown as Triple;
}

function multiply(a: readonly Triple[], b: readonly Triple[]): readonly Triple[] {
  const columns = [0, 1, 2].map((column) => apply(a, b.map((row) => row[column]!) as unknown as Triple));
  return transpose(columns);
}

function transpose(rows: readonly Triple[]): readonly Triple[] {
  return [0, 1, 2].map((column) => rows.map((row) => row[column]!) as unknown as Triple);
}

/** The rows of an inverse are cross products of columns over the determinant. */
function inverse(matrix: readonly Triple[]): readonly Triple[] {
  const [a, b, c] = transpose(matrix) as readonly [Triple, Triple, Triple];
  const determinant = dot(a, cross(b, c));
  return [cross(b, c), cross(c, a), cross(a, b)].map(
    (row) => row.map((value) => value / determinant) as unknown as Triple,
  );
}

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
