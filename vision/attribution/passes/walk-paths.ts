import type { PathNode, PathRequest } from '../differentiable.ts';
import { imageSize } from '../image-batch.ts';
import { chosenMask } from './choose.ts';
import type { Evaluated } from './pass.ts';
import { pathPass } from './path-pass.ts';
import type { PassRunner, Rows } from './run-passes.ts';

interface Walk {
  readonly evaluated: Evaluated;
  readonly runner: PassRunner;
  readonly calls: number;
}

/**
 * Weighted sums of the gradients along paths, [images, height, width, 3]. As many whole paths go together as fit; a path that
 * does not fit alone is walked in stretches of equal length, whose sums are added in float64.
 */
export async function walkPaths(
  { images, from, targets, nodes }: PathRequest,
  { evaluated, runner, calls }: Walk,
): Promise<Float64Array<ArrayBuffer>> {
  const { count, height, width, data } = images;
  const { classes } = evaluated.network;
  const pass = () => pathPass(evaluated);
  const image = [height, width, 3];
  const together = await runner.imagesThatFit({ name: 'path', pass }, (points) => [
    ...[image, image, [classes]].map((shape) => [1, ...shape]),
    ...[0, 1].map(() => [1, points]),
  ]);
  const stretches = Math.ceil(nodes.length / together);
  const length = Math.ceil(nodes.length / stretches);
  const imageOf = (row: number): number => Math.floor(row / stretches);
  const size = imageSize(images);
  // Made a part at a time: all stretches of all images are large.
  const row = (shape: readonly number[], values: (row: number) => Float32Array): Rows => ({
    shape,
    values: (start, end) => joined(Array.from({ length: end - start }, (_, i) => values(start + i))),
  });
  const ofImage = (all: Float32Array, shape: readonly number[], each: number): Rows =>
    row(shape, (at) => all.subarray(imageOf(at) * each, (imageOf(at) + 1) * each));
  // Behind the path's end nothing counts: weights of zero.
  const along = (value: (node: PathNode) => number): Rows =>
    row([length], (at) => {
      const stretch = nodes.slice((at % stretches) * length, ((at % stretches) + 1) * length);
      return Float32Array.from({ length }, (_, i) => (i < stretch.length ? value(stretch[i]!) : 0));
    });
  const start = typeof from === 'number' ? new Float32Array(size).fill(from) : from;
  const request = {
    ...{ name: `path of ${length}`, pass },
    inputs: [
      ofImage(data, image, size),
      typeof from === 'number' ? row(image, () => start) : ofImage(start, image, size),
      ofImage(chosenMask(targets, classes), [classes], classes),
      along((node) => node.alpha),
      along((node) => node.weight),
    ],
    rows: count * stretches,
    together: Math.max(1, Math.floor(together / length)),
    calls,
  };
  const out = new Float64Array(count * size);
  await runner.each(request, (_result, sums, first) => {
    sums.data.forEach((value, i) => {
      out[imageOf(first + Math.floor(i / size)) * size + (i % size)]! += value;
    });
  });
  return out;
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  if (arrays.length === 1) return arrays[0]!;
  const out = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const array of arrays) {
    out.set(array, place);
    place += array.length;
  }
  return out;
}
