import type { PathNode, PathRequest } from '../differentiable.ts';
import { imageSize } from '../image-batch.ts';
import { chosenMask } from './choose.ts';
import type { Evaluated } from './pass.ts';
import { pathPass } from './path-pass.ts';
import type { PassRunner, Rows } from './run-passes.ts';

interface Walk {
  readonly evaluated: Evaluated;
  readonly runner: PassRunner;
  /** How many points may go through the network together. */
  readonly together: number;
  readonly calls: number;
}

/**
 * Weighted sums of the gradients along paths, [images, height, width, 3]. As many whole paths go together as fit; a path that
 * does not fit alone is walked in stretches of equal length, whose sums are added in float64.
 */
export async function walkPaths(
  { images, from, targets, nodes }: PathRequest,
  { evaluated, runner, together, calls }: Walk,
): Promise<Float64Array<ArrayBuffer>> {
  const { count, height, width, data } = images;
  const { classes } = evaluated.network;
  const stretches = Math.ceil(nodes.length / together);
  const length = Math.ceil(nodes.length / stretches);
  const rows = count * stretches;
  const imageOf = (row: number): number => Math.floor(row / stretches);
  const size = imageSize(images);
  const starts = typeof from === 'number' ? new Float32Array(data.length).fill(from) : from;
  const pixels = { shape: [height, width, 3], size, rows, source: imageOf };
  const along = (value: (node: PathNode) => number): Rows => {
    const values = new Float32Array(rows * length);
    // Behind the path's end nothing counts: weights of zero.
    for (let i = 0; i < values.length; i++) {
      const row = Math.floor(i / length);
      const node = nodes[(row % stretches) * length + (i % length)];
      values[i] = node === undefined ? 0 : value(node);
    }
    return { shape: [length], data: values };
  };
  const [sums] = await runner.run({
    name: `path of ${length}`,
    pass: () => pathPass(evaluated),
    inputs: [
      repeated(data, pixels),
      repeated(starts, pixels),
      repeated(chosenMask(targets, classes), { ...pixels, shape: [classes], size: classes }),
      along((node) => node.alpha),
      along((node) => node.weight),
    ],
    rows,
    together: Math.max(1, Math.floor(together / length)),
    calls,
  });
  const out = new Float64Array(count * size);
  sums!.data.forEach((value, i) => {
    out[imageOf(Math.floor(i / size)) * size + (i % size)]! += value;
  });
  return out;
}

interface Repeating {
  readonly shape: readonly number[];
  readonly size: number;
  readonly rows: number;
  /** Which image a row is of. */
  readonly source: (row: number) => number;
}

function repeated(data: Float32Array, { shape, size, rows, source }: Repeating): Rows {
  const out = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const at = source(row) * size;
    out.set(data.subarray(at, at + size), row * size);
  }
  return { shape, data: out };
}
