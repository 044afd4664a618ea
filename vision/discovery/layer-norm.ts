/**
 * Layer norm without scale and offset over all values of an image together, in float64: less the mean, over the root of
 * the biased variance plus 1e-5.
 */
export function normaliseAll(values: Float32Array | Float64Array): Float64Array {
  const normalised = new Float64Array(values);
  const count = normalised.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += normalised[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (normalised[i]! - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / count + 1e-5);
  for (let i = 0; i < count; i++) normalised[i] = (normalised[i]! - mean) * scale;
  return normalised;
}
