import { conv2d, gelu, linear, resizeBicubicAligned, tf } from '../tensors/index.ts';
import { forwardThrough, type Stage } from './forward-stages.ts';
import { headsOf, mergeHeads, splitHeads, tapBatch } from './heads.ts';
import type { Layers } from './layer-set.ts';
import type { Network, NoiseEntry } from './network.ts';
import { embedPatches } from './patches.ts';
import { vitBlock, vitLayout, type VitShape } from './vit-layout.ts';

const epsilon = 1e-6;

/**
 * A vision transformer as torchvision defines it (Dosovitskiy et al. 2021; norms first, the class token in front). Images
 * of another size than the position embeddings' get them interpolated. Stages: conv_proj (a map), embedding, each block,
 * encoder (tokens [batch, 1 + rows x columns, width]), heads. Taps of each block: its `ln_1`, and its self-attention's
 * `queries`, `keys`, `values` (tokens, heads side by side) and `weights` [batch, heads, tokens, tokens].
 */
export function buildVit(shape: VitShape, classes: number): Network {
  const blocks = Array.from({ length: shape.layers }, (_, index) => vitBlock(index));
  const stages: readonly Stage[] = [
    { name: 'conv_proj', run: (net, input) => project(net, shape, input) },
    { name: 'embedding', run: embed },
    ...blocks.map((name): Stage => ({ name, run: (net, input) => block(net, { name, shape }, input) })),
    { name: 'encoder', run: (net, input) => net.layerNorm('encoder.ln', input, epsilon) },
    { name: 'heads', run: (net, input) => head(net, shape, input) },
  ];
  return {
    entries: vitLayout(shape, classes),
    stages: stages.map((stage) => stage.name),
    taps: stages.flatMap(({ name }) => [
      ...(blocks.includes(name)
        ? [`${name}.ln_1`, ...attentionTaps.map((tap) => `${name}.self_attention.${tap}`)]
        : []),
      name,
    ]),
    classes,
    tokenGrid: ([, height, width]) => [Math.floor(height! / shape.patch), Math.floor(width! / shape.patch)],
    noise: (images) => noise(shape, images),
    forward: (request) => forwardThrough(stages, request),
  };
}

const attentionTaps = ['queries', 'keys', 'values', 'weights'];

/** [batch, height, width, 3] -> [batch, height / patch, width / patch, width of a token] */
function project(net: Layers, { stem }: VitShape, input: tf.Tensor4D): tf.Tensor4D {
  if (stem === undefined)
    return embedPatches(input, net.parameter('conv_proj.weight'), net.parameter('conv_proj.bias'));
  return net.block(() => {
    const map = stem.reduce((before, { size, stride }, index) => {
      const name = `conv_proj.conv_bn_relu_${index}`;
      const geometry = { stride, padding: Math.floor((size - 1) / 2) };
      return net.relu(
        net.normedConvolution({ convolution: `${name}.0`, norm: `${name}.1` }, before, geometry),
      );
    }, input);
    const projected = conv2d(map, net.parameter('conv_proj.conv_last.weight'));
    return tf.add<tf.Tensor4D>(projected, net.parameter('conv_proj.conv_last.bias'));
  });
}

/** [batch, rows, columns, width] -> [batch, 1 + rows x columns, width] */
function embed(net: Layers, map: tf.Tensor4D): tf.Tensor3D {
  const [batch, rows, columns, width] = map.shape;
  return net.block(() => {
    const patches = tf.reshape(map, [batch, rows * columns, width]);
    const classToken = tf.add(tf.zeros([batch, 1, width]), net.parameter('class_token'));
    const tokens = tf.concat<tf.Tensor3D>([classToken as tf.Tensor3D, patches as tf.Tensor3D], 1);
    const positions = positionsFor(net.parameter('encoder.pos_embedding'), [rows, columns]);
    return net.drop('encoder.dropout', tf.add<tf.Tensor3D>(tokens, positions));
  });
}

/**
 * Position embeddings for a grid of patches: bicubic over the square grid that they were made for, the class token's kept.
 * @param embeddings - [1, 1 + side x side, width]
 * @param grid - rows and columns of patches
 * @returns [1, 1 + rows x columns, width]
 */
export function positionsFor(embeddings: tf.Tensor, grid: readonly [number, number]): tf.Tensor {
  const [, tokens, width] = embeddings.shape as [number, number, number];
  const side = Math.round(Math.sqrt(tokens - 1));
  const [rows, columns] = grid;
  if (rows === side && columns === side) return embeddings;
  const classToken = tf.slice(embeddings, [0, 0, 0], [1, 1, width]);
  const square = tf.reshape(tf.slice(embeddings, [0, 1, 0], [1, tokens - 1, width]), [1, side, side, width]);
  const resized = resizeBicubicAligned(square, grid);
  return tf.concat([classToken, tf.reshape(resized, [1, rows * columns, width])], 1);
}

interface Block {
  readonly name: string;
  readonly shape: VitShape;
}

/** [batch, tokens, width] -> the same */
function block(net: Layers, { name, shape }: Block, input: tf.Tensor): tf.Tensor {
  const [batch, tokens, width] = input.shape as [number, number, number];
  return net.block(() => {
    // As rows [batch x tokens, width]: only attention sees that they belong together.
    const before = tf.reshape(input, [batch * tokens, width]);
    const normed = tapRows(net, `${name}.ln_1`, {
      rows: net.layerNorm(`${name}.ln_1`, before, epsilon),
      batch,
    });
    const attended = attention(net, { name: `${name}.self_attention`, shape, batch }, normed);
    const between = tf.add(before, net.drop(`${name}.dropout`, attended));
    const hidden = gelu(net.linear(`${name}.mlp.0`, net.layerNorm(`${name}.ln_2`, between, epsilon))); // [rows, mlpWidth]
    const out = net.linear(`${name}.mlp.3`, net.drop(`${name}.mlp.2`, hidden));
    return tf.reshape(tf.add(between, net.drop(`${name}.mlp.4`, out)), input.shape);
  });
}

/** Multi-head self-attention (Vaswani et al. 2017, section 3.2): softmax(q k' / sqrt(size)) v. [batch x tokens, width] -> the same */
function attention(
  net: Layers,
  { name, shape: { heads, width }, batch }: Block & { readonly batch: number },
  input: tf.Tensor,
): tf.Tensor {
  const [weight, bias] = [net.parameter(`${name}.in_proj_weight`), net.parameter(`${name}.in_proj_bias`)];
  const qkv = linear(input, weight, bias); // [batch x tokens, 3 width]
  const apart = splitHeads(qkv, { heads, tokens: input.shape[0] / batch });
  const [queries, keys, values] = tf
    .split(apart, 3)
    .map((part, index) => tapHeads(net, `${name}.${attentionTaps[index]!}`, part as tf.Tensor5D)) as [
    tf.Tensor5D,
    tf.Tensor5D,
    tf.Tensor5D,
  ]; // [1, batch, heads, tokens, size]
  const scaled = tf.mul<tf.Tensor5D>(queries, 1 / Math.sqrt(width / heads));
  const scores = tf.matMul(scaled, keys, false, true); // [1, batch, heads, tokens, tokens]
  const weights = net.drop(`${name}.dropout`, tapBatch(net, `${name}.weights`, tf.softmax(scores)));
  return net.linear(`${name}.out_proj`, mergeHeads(tf.matMul(weights, values)));
}

/** Shows rows [batch x tokens, width] as tokens [batch, tokens, width]. */
function tapRows(
  net: Layers,
  name: string,
  { rows, batch }: { readonly rows: tf.Tensor; readonly batch: number },
): tf.Tensor {
  if (!net.tapping) return rows;
  const shape = [batch, rows.shape[0] / batch, rows.shape[1]!];
  return tf.reshape(net.tap(name, tf.reshape(rows, shape)), rows.shape);
}

/** Shows queries, keys or values [1, batch, heads, tokens, size] as tokens [batch, tokens, width], heads side by side. */
function tapHeads(net: Layers, name: string, part: tf.Tensor5D): tf.Tensor5D {
  if (!net.tapping) return part;
  const [, batch, heads, tokens, size] = part.shape;
  return headsOf(net.tap(name, tf.reshape(mergeHeads(part), [batch, tokens, heads * size])), heads);
}

/** [batch, tokens, width] -> [batch, classes], from the class token alone */
function head(net: Layers, { representation }: VitShape, input: tf.Tensor): tf.Tensor {
  const [batch, , width] = input.shape as [number, number, number];
  const classToken = tf.reshape(tf.slice(input, [0, 0, 0], [batch, 1, width]), [batch, width]);
  const features =
    representation === undefined ? classToken : tf.tanh(net.linear('heads.pre_logits', classToken));
  return net.linear('heads.head', features);
}

/** Dropout's factors for images [batch, height, width, 3]. */
function noise(shape: VitShape, images: readonly number[]): NoiseEntry[] {
  const { patch, layers, heads, width, mlpWidth, dropout = 0, attentionDropout = 0 } = shape;
  const [batch, height, imageWidth] = images as [number, number, number, number];
  const tokens = 1 + Math.floor(height / patch) * Math.floor(imageWidth / patch);
  const dropped = (name: string, size: number): NoiseEntry[] =>
    dropout === 0 ? [] : [{ name, shape: [batch, tokens, size], keep: 1 - dropout }];
  const weights = (name: string): NoiseEntry[] =>
    attentionDropout === 0
      ? []
      : [{ name, shape: [batch, heads, tokens, tokens], keep: 1 - attentionDropout }];
  return [
    ...dropped('encoder.dropout', width),
    ...Array.from({ length: layers }, (_, index) => vitBlock(index)).flatMap((name) => [
      ...weights(`${name}.self_attention.dropout`),
      ...dropped(`${name}.dropout`, width),
      ...dropped(`${name}.mlp.2`, mlpWidth),
      ...dropped(`${name}.mlp.4`, width),
    ]),
  ];
}
