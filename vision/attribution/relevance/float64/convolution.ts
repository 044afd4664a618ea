import type { ConvGeometry } from '../../../tensors/index.ts';

/** Sizes of a convolution of maps [batch, height, width, channels] with a kernel [kernelHeight, kernelWidth, in, out]. */
export interface ConvolutionSizes {
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly output: readonly number[];
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

export function convolutionSizes(
  input: readonly number[],
  kernel: readonly number[],
  { stride = 1, padding = 0, dilation = 1 }: ConvGeometry,
): ConvolutionSizes {
  const side = (length: number, size: number): number =>
    Math.floor((length + 2 * padding - dilation * (size - 1) - 1) / stride) + 1;
  const output = [input[0]!, side(input[1]!, kernel[0]!), side(input[2]!, kernel[1]!), kernel[3]!];
  return { input, kernel, output, stride, padding, dilation };
}

/** [batch, height, width, in] -> [batch, rows, columns, out]; zeros weigh nothing and are passed over. */
export function convolve(x: Float64Array, kernel: Float64Array, sizes: ConvolutionSizes): Float64Array {
  const [inputs, outputs] = [sizes.kernel[2]!, sizes.kernel[3]!];
  const out = new Float64Array(sizes.output.reduce((product, side) => product * side, 1));
  eachTap(sizes, (pixel, tap, cell) => {
    const to = cell * outputs;
    for (let channel = 0; channel < inputs; channel++) {
      const value = x[pixel * inputs + channel]!;
      if (value === 0) continue;
      const row = (tap * inputs + channel) * outputs;
      for (let o = 0; o < outputs; o++) out[to + o]! += value * kernel[row + o]!;
    }
  });
  return out;
}

/** The transpose: what each input would get back from the outputs, [batch, rows, columns, out] -> [batch, height, width, in]. */
export function convolveBack(dz: Float64Array, kernel: Float64Array, sizes: ConvolutionSizes): Float64Array {
  const [inputs, outputs] = [sizes.kernel[2]!, sizes.kernel[3]!];
  const out = new Float64Array(sizes.input.reduce((product, side) => product * side, 1));
  eachTap(sizes, (pixel, tap, cell) => {
    const from = cell * outputs;
    for (let channel = 0; channel < inputs; channel++) {
      const row = (tap * inputs + channel) * outputs;
      let sum = 0;
      for (let o = 0; o < outputs; o++) sum += dz[from + o]! * kernel[row + o]!;
      out[pixel * inputs + channel]! += sum;
    }
  });
  return out;
}

/** Calls with each pixel of the input, place in the kernel and cell of the output that touch, over all images. */
function eachTap(
  { input, kernel, output, stride, padding, dilation }: ConvolutionSizes,
  visit: (pixel: number, tap: number, cell: number) => void,
): void {
  const [batch = 0, height = 0, width = 0] = input;
  const [, rows = 0, columns = 0] = output;
  const [tall = 0, wide = 0] = kernel;
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let i = 0; i < tall; i++) {
          const y = row * stride - padding + i * dilation;
          if (y < 0 || y >= height) continue;
          for (let j = 0; j < wide; j++) {
            const x = column * stride - padding + j * dilation;
            if (x < 0 || x >= width) continue;
            visit((image * height + y) * width + x, i * wide + j, (image * rows + row) * columns + column);
          }
        }
}
