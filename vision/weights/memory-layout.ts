/**
 * PyTorch keeps convolutions as [out, in, height, width] and linear weights as [out, in]; in memory they are
 * [height, width, in, out] and [in, out], which TensorFlow's kernels read. Everything else is the same in both.
 */
export function memoryShape(torchShape: readonly number[]): readonly number[] {
  return memoryAxes(torchShape.length).map((axis) => torchShape[axis]!);
}

/** Values in PyTorch's layout -> values in memory layout. Always a fresh array. */
export function toMemoryLayout(values: Float32Array, torchShape: readonly number[]): Float32Array {
  return permuted(values, torchShape, memoryAxes(torchShape.length));
}

/** Values in memory layout -> values in PyTorch's layout, whose shape is given. Always a fresh array. */
export function toTorchLayout(values: Float32Array, torchShape: readonly number[]): Float32Array {
  const axes = memoryAxes(torchShape.length);
  const inverse = axes.map((_, axis) => axes.indexOf(axis));
  return permuted(values, memoryShape(torchShape), inverse);
}

/** Which axis of PyTorch's layout each axis in memory is. */
function memoryAxes(rank: number): readonly number[] {
  if (rank === 4) return [2, 3, 1, 0];
  if (rank === 2) return [1, 0];
  return Array.from({ length: rank }, (_, axis) => axis);
}

function permuted(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  if (axes.every((axis, position) => axis === position)) return values.slice();
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  // Pad to four axes, so that one loop nest serves every rank.
  const sides = [1, 1, 1, 1];
  const steps = [0, 0, 0, 0];
  axes.forEach((axis, position) => {
    sides[4 - axes.length + position] = shape[axis]!;
    steps[4 - axes.length + position] = strides[axis]!;
  });
  const [a, b, c, d] = sides as [number, number, number, number];
  const [stepA, stepB, stepC, stepD] = steps as [number, number, number, number];
  const result = new Float32Array(values.length);
  let target = 0;
  for (let i = 0; i < a; i += 1)
    for (let j = 0; j < b; j += 1)
      for (let k = 0; k < c; k += 1) {
        let source = i * stepA + j * stepB + k * stepC;
        for (let l = 0; l < d; l += 1, source += stepD, target += 1) result[target] = values[source]!;
      }
  return result;
}
