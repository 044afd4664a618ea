/**
 * Layer norm without scale and offset over all values of an image together, in float64: less the mean, over the root of
 * the biased variance plus 1e-5.
 */
export function normaliseAll(values: ArrayLike<number>): Float64Array {
  const normalised = Float64Array.from(values);
  let sum = 0;
  for (const value of normalised) sum += value;
  const mean = sum / normalised.length;
  let squares = 0;
  for (const value of normalised) squares += (value - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / normalised.length + 1e-5);
  for (let i = 0; i < normalised.length; i++) normalised[i] = (normalised[i]! - mean) * scale;
  return normalised;
}
