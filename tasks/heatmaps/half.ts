const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** A float32 as IEEE 754 binary16, rounded to nearest, ties to even. */
export function toHalf(value: number): number {
  word[0] = value;
  const source = bits[0]!;
  const sign = (source >>> 16) & 0x8000;
  const exponent = (source >>> 23) & 0xff;
  const fraction = source & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const shifted = exponent - 112;
  if (shifted >= 0x1f) return sign | 0x7c00;
  if (shifted <= 0) {
    // Subnormal: the hidden one becomes part of the fraction.
    if (shifted < -10) return sign;
    return sign | roundedShift(fraction | 0x800000, 14 - shifted);
  }
  // A carry out of the fraction runs into the exponent, as it should.
  return sign | roundedShift((shifted << 23) | fraction, 13);
}

/** IEEE 754 binary16 as a number. */
export function fromHalf(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function roundedShift(value: number, by: number): number {
  const half = 2 ** (by - 1);
  const rest = value % 2 ** by;
  const kept = Math.floor(value / 2 ** by);
  return rest > half || (rest === half && kept % 2 === 1) ? kept + 1 : kept;
}
