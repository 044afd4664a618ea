/** Square windows on maps [batch, height, width, channels], padding never the largest. */
export interface PoolSizes {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/** Of each window the largest value, the first among equals: its place in the input, and the shape of all. */
export function largestPlaces(
  x: Float64Array,
  shape: readonly number[],
  { size, stride, padding }: PoolSizes,
): { readonly shape: readonly number[]; readonly places: Int32Array } {
  const [batch = 0, height = 0, width = 0, channels = 0] = shape;
  const side = (length: number): number => Math.floor((length + 2 * padding - size) / stride) + 1;
  const [rows, columns] = [side(height), side(width)];
  const places = new Int32Array(batch * rows * columns * channels).fill(-1);
  let place = 0;
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let channel = 0; channel < channels; channel++, place++)
          for (let i = 0; i < size * size; i++) {
            const y = row * stride - padding + Math.floor(i / size);
            const z = column * stride - padding + (i % size);
            if (y < 0 || y >= height || z < 0 || z >= width) continue;
            const at = ((image * height + y) * width + z) * channels + channel;
            if (places[place]! < 0 || x[at]! > x[places[place]!]!) places[place] = at;
          }
  return { shape: [batch, rows, columns, channels], places };
}
