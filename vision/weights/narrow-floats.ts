/** IEEE 754 binary16 -> float32, exact. */
export function fromHalf(halves: Uint16Array): Float32Array {
  const values = (halfValues ??= Float32Array.from({ length: 0x10000 }, (_, half) => valueOfHalf(half)));
  const result = new Float32Array(halves.length);
  for (let index = 0; index < halves.length; index += 1) result[index] = values[halves[index]!]!;
  return result;
}

/** bfloat16 -> float32, exact: the upper half of its bits. */
export function fromBfloat16(words: Uint16Array): Float32Array {
  const bits = new Uint32Array(words.length);
  for (let index = 0; index < words.length; index += 1) bits[index] = words[index]! << 16;
  return new Float32Array(bits.buffer);
}

/** Of every half there is; made when the first file asks for it. */
let halfValues: Float32Array | undefined;

export function valueOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
