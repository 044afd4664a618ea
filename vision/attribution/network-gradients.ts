import { featureMap } from '../models/feature-map.ts';
import type { ForwardRequest, Network, State } from '../models/network.ts';
import { tf } from '../tensors/index.ts';
import type { Differentiable, Logits, PathRequest, StageGradients } from './differentiable.ts';
import { classAttention } from './class-attention.ts';
import { gradientAt } from './gradient-at.ts';
import { imageSize, sliceImages } from './image-batch.ts';
import type { ImageBatch } from './image-batch.ts';
import { imagesThatFit, parts } from './pass-size.ts';
import type { Part } from './pass-size.ts';

export interface NetworkGradientsRequest {
  readonly network: Network;
  /** Parameters and buffers, owned by the caller. */
  readonly state: State;
  readonly camStage: string;
  /** Taps of a class token's attention weights, first layer first. */
  readonly attention?: readonly string[];
  /** About how many bytes a forward and backward pass may hold; decides how many images go together. Default 2 GiB. */
  readonly memoryBytes?: number;
}

/** Gradients of a network in evaluation mode, as plain arrays. Nothing stays in the backend's memory between calls. */
export function networkGradients(request: NetworkGradientsRequest): Differentiable {
  const { network, state, camStage, attention } = request;
  const forward = (rest: Omit<ForwardRequest, 'state'>): tf.Tensor => network.forward({ state, ...rest });
  let fitting: Promise<number> | undefined;
  // All images of a data set have the input's size: one look serves them all.
  const together = (images: ImageBatch): Promise<number> =>
    (fitting ??= imagesThatFit(request.memoryBytes ?? 2 ** 31, () =>
      tf.tidy(() => tf.grad((x) => tf.sum(forward({ input: x })))(imageTensor(sliceImages(images, 0, 1)))),
    ));

  return {
    camStage,
    ...(attention === undefined ? {} : { attention: classAttention({ network, state, taps: attention }) }),
    logits: async (images) => {
      const data = new Float32Array(images.count * network.classes);
      for (const part of parts(images.count, await together(images))) {
        const logits = tf.tidy(() =>
          forward({ input: imageTensor(sliceImages(images, part.from, part.to)) }),
        );
        data.set(await take(logits), part.from * network.classes);
      }
      return { classes: network.classes, data } satisfies Logits;
    },

    inputGradients: async ({ images, targets, relu = 'plain' }) => {
      const out = new Float32Array(images.data.length);
      for (const part of parts(images.count, await together(images))) {
        const gradient = tf.tidy(() => {
          const chosen = chosenLogits(targets.subarray(part.from, part.to), network.classes);
          const slope = tf.grad((x) => chosen(forward({ input: x, relu })));
          return slope(imageTensor(sliceImages(images, part.from, part.to)));
        });
        out.set(await take(gradient), part.from * imageSize(images));
      }
      return out;
    },

    stageGradients: async ({ images, targets, stage, relu = 'plain' }) => {
      const found: StageGradients[] = [];
      for (const part of parts(images.count, await together(images))) {
        const [activations, gradients] = tf.tidy((): [tf.Tensor4D, tf.Tensor] => {
          const input = imageTensor(sliceImages(images, part.from, part.to));
          const chosen = chosenLogits(targets.subarray(part.from, part.to), network.classes);
          const { value, gradient } = gradientAt(network, { state, input, stage, relu, objective: chosen });
          return [featureMap(network, value, input.shape), featureMap(network, gradient, input.shape)];
        });
        const [, height, width, channels] = activations.shape;
        found.push({
          height,
          width,
          channels,
          activations: await take(activations),
          gradients: await take(gradients),
        });
      }
      return joined(found);
    },

    pathGradients: async (path) => {
      const { images, nodes } = path;
      const out = new Float32Array(images.data.length);
      const limit = await together(images);
      // As many whole paths together as fit; a path that does not fit alone is walked in stretches.
      for (const part of parts(images.count, Math.max(1, Math.floor(limit / nodes.length)))) {
        for (const stretch of parts(nodes.length, limit)) {
          const sums = tf.tidy(() =>
            pathSums({
              path,
              part,
              stretch,
              classes: network.classes,
              forward: (input) => forward({ input }),
            }),
          );
          const values = await take(sums);
          const start = part.from * imageSize(images);
          for (let i = 0; i < values.length; i++) out[start + i]! += values[i]!;
        }
      }
      return out;
    },
  };
}

function imageTensor({ count, height, width, data }: ImageBatch): tf.Tensor4D {
  return tf.tensor4d(data, [count, height, width, 3]);
}

/** The sum of each image's own logit: images do not touch one another, so that one gradient serves all. */
function chosenLogits(targets: Int32Array, classes: number): (logits: tf.Tensor) => tf.Scalar {
  const mask = new Float32Array(targets.length * classes);
  targets.forEach((target, image) => {
    if (target < 0 || target >= classes) throw new RangeError(`the model has no class ${target}`);
    mask[image * classes + target] = 1;
  });
  const chosen = tf.tensor2d(mask, [targets.length, classes]);
  return (logits) => tf.sum(tf.mul(logits, chosen));
}

interface PathSums {
  readonly path: PathRequest;
  readonly part: Part;
  readonly stretch: Part;
  readonly classes: number;
  readonly forward: (input: tf.Tensor) => tf.Tensor;
}

/** Weighted sums of the gradients at some nodes of the paths of some images: [images, height * width * 3]. */
function pathSums({ path, part, stretch, classes, forward }: PathSums): tf.Tensor {
  const { height, width } = path.images;
  const size = imageSize(path.images);
  const count = part.to - part.from;
  const nodes = path.nodes.slice(stretch.from, stretch.to);
  const column = (values: readonly number[]): tf.Tensor => tf.tensor3d([...values], [1, values.length, 1]);
  const ends = tf.tensor3d(sliceImages(path.images, part.from, part.to).data, [count, 1, size]);
  const starts =
    typeof path.from === 'number'
      ? tf.scalar(path.from)
      : tf.tensor3d(path.from.slice(part.from * size, part.to * size), [count, 1, size]);
  const alphas = column(nodes.map((node) => node.alpha));
  const points = tf.add(starts, tf.mul(alphas, tf.sub(ends, starts))); // [images, nodes, size]
  const targets = Int32Array.from(
    { length: count * nodes.length },
    (_, i) => path.targets[part.from + Math.floor(i / nodes.length)]!,
  );
  const chosen = chosenLogits(targets, classes);
  const slope = tf.grad((x) => chosen(forward(x)));
  const gradients = slope(tf.reshape(points, [count * nodes.length, height, width, 3]));
  const weights = column(nodes.map((node) => node.weight));
  return tf.sum(tf.mul(tf.reshape(gradients, [count, nodes.length, size]), weights), 1);
}

/** Reads a tensor and frees it. */
async function take(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}

function joined(found: readonly StageGradients[]): StageGradients {
  const [first] = found;
  if (first === undefined) throw new RangeError('no images');
  return {
    ...first,
    activations: concatenate(found.map((each) => each.activations)),
    gradients: concatenate(found.map((each) => each.gradients)),
  };
}

function concatenate(arrays: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let place = 0;
  for (const array of arrays) {
    out.set(array, place);
    place += array.length;
  }
  return out;
}
