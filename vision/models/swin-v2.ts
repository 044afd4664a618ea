import {
  biasAdd,
  gelu,
  globalAveragePool,
  linear,
  rearrangeRows,
  relu,
  tf,
  unitRows,
} from '../tensors/index.ts';
import { forwardThrough, type Stage } from './forward-stages.ts';
import { mergeHeads, splitHeads, tapBatch } from './heads.ts';
import type { Layers } from './layer-set.ts';
import type { AttentionWindows, Network, NoiseEntry } from './network.ts';
import { embedPatches } from './patches.ts';
import { planMerging, windowPlans, type WindowPlan } from './swin-windows.ts';
import { swinStages, swinV2Layout, type Extent, type SwinBlock, type SwinV2Shape } from './swin-v2-layout.ts';
import { relativeCoordinates, relativePositions } from './swin-v2-positions.ts';

const epsilon = 1e-5;

/**
 * A Swin transformer V2 as torchvision defines it (Liu et al. 2022): windows of tokens, each second block's shifted; norms
 * after their branches; attention by cosines. Images of any size, padded where windows need it. Stages: features.0 (the
 * patches), features.1 … (blocks and patch mergings in turn), norm, head; all but the last give maps. Taps of each block:
 * its `norm1` (the attention branch before it is added) and `attn.weights` [batch x windows, heads, tokens, tokens].
 */
export function buildSwinV2(shape: SwinV2Shape, classes: number): Network {
  const groups = swinStages(shape);
  const { window } = shape;
  const plans = windowPlans(window);
  const stages: readonly Stage[] = [
    { name: 'features.0', run: embed },
    ...groups.flatMap(({ name, blocks, merging }): Stage[] => [
      {
        name,
        run: (net, input) => runBlocks(net, { blocks, window, plans }, input),
      },
      ...(merging === undefined
        ? []
        : [{ name: merging, run: (net: Layers, input: tf.Tensor4D) => merge(net, merging, input) }]),
    ]),
    { name: 'norm', run: (net, input) => net.layerNorm('norm', input, epsilon) },
    { name: 'head', run: (net, input) => net.linear('head', globalAveragePool(input)) },
  ];
  const tapsOf = (stage: string): string[] =>
    (groups.find(({ name }) => name === stage)?.blocks ?? []).flatMap(({ name }) => [
      `${name}.attn.weights`,
      `${name}.norm1`,
    ]);
  return {
    entries: swinV2Layout(shape, classes),
    stages: stages.map((stage) => stage.name),
    taps: stages.flatMap(({ name }) => [...tapsOf(name), name]),
    classes,
    attentionWindows: (tap, images) => windowsAt(shape, { tap, images, plans }),
    noise: (images) => noise(shape, images),
    forward: (request) => forwardThrough(stages, request),
  };
}

/** The windows of the block whose attention weights have this tap. */
function windowsAt(
  shape: SwinV2Shape,
  { tap, images, plans }: { tap: string; images: readonly number[]; plans: ReturnType<typeof windowPlans> },
): AttentionWindows {
  const stages = swinStages(shape);
  const found = stages.flatMap(({ blocks }, stage) =>
    blocks.filter(({ name }) => tap === `${name}.attn.weights`).map(({ shift }) => ({ stage, shift })),
  )[0];
  if (found === undefined) throw new Error(`no attention weights '${tap}'`);
  // Each merging halves a side, rounded up.
  const [rows, columns] = [0, 1].map((axis) =>
    Math.ceil(Math.floor(images[1 + axis]! / shape.patch[axis]!) / 2 ** found.stage),
  ) as [number, number];
  return { map: [rows, columns], places: plans([rows, columns], found.shift).cut };
}

/** [batch, height, width, 3] -> [batch, rows of patches, columns, width] */
function embed(net: Layers, input: tf.Tensor4D): tf.Tensor4D {
  return net.block(() => {
    const [kernel, bias] = [net.parameter('features.0.0.weight'), net.parameter('features.0.0.bias')];
    return net.layerNorm('features.0.2', embedPatches(input, kernel, bias), epsilon);
  });
}

/** [batch, rows, columns, width] -> [batch, rows / 2, columns / 2, 2 width], odd sides rounded up */
function merge(net: Layers, name: string, input: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = input.shape;
  const { rows, columns, sources } = planMerging([height, width]);
  return net.block(() => {
    const fours = rearrangeRows(tf.reshape(input, [batch, height * width, channels]), sources); // [batch, rows x columns x 4, channels]
    const cells = tf.reshape(fours, [batch * rows * columns, 4 * channels]);
    const reduced = linear(cells, net.parameter(`${name}.reduction.weight`));
    return tf.reshape(net.layerNorm(`${name}.norm`, reduced, epsilon), [batch, rows, columns, 2 * channels]);
  });
}

interface Windows {
  readonly window: Extent;
  readonly plans: ReturnType<typeof windowPlans>;
}

interface BlockPlan extends Windows {
  readonly block: SwinBlock;
  /** [batch, rows, columns, width] of the map whose tokens are the block's rows. */
  readonly map: [number, number, number, number];
}

/** A stage's blocks, on the map's tokens as rows [batch x rows x columns, width]. */
function runBlocks(
  net: Layers,
  { blocks, ...windows }: Windows & { readonly blocks: readonly SwinBlock[] },
  input: tf.Tensor4D,
): tf.Tensor4D {
  const map = input.shape;
  const rows = blocks.reduce<tf.Tensor>(
    (before, one) => block(net, { ...windows, block: one, map }, before),
    tf.reshape(input, [-1, map[3]]),
  );
  return tf.reshape(rows, map);
}

function block(net: Layers, plan: BlockPlan, input: tf.Tensor): tf.Tensor {
  const { name } = plan.block;
  return net.block(() => {
    const attended = net.layerNorm(`${name}.norm1`, attention(net, plan, input), epsilon);
    const branch = net.tapping
      ? tf.reshape(net.tap(`${name}.norm1`, tf.reshape(attended, plan.map)), attended.shape)
      : attended;
    const between = tf.add(input, net.drop(`${name}.stochastic_depth.attn`, branch));
    const hidden = net.drop(`${name}.mlp.2`, gelu(net.linear(`${name}.mlp.0`, between))); // [rows, mlpWidth]
    const out = net.drop(`${name}.mlp.4`, net.linear(`${name}.mlp.3`, hidden));
    const normed = net.layerNorm(`${name}.norm2`, out, epsilon);
    return tf.add(between, net.drop(`${name}.stochastic_depth.mlp`, normed));
  });
}

/** Multi-head attention within windows, by cosines (Liu et al. 2022, equation 2). [batch x rows x columns, width] -> the same */
function attention(
  net: Layers,
  { block: { name, heads, shift }, window, plans, map }: BlockPlan,
  input: tf.Tensor,
): tf.Tensor {
  const [batch, height, width, channels] = map;
  const tokens = window[0] * window[1];
  const plan = plans([height, width], shift);
  const inWindows = rearrangeRows(tf.reshape(input, [batch, height * width, channels]), plan.cut); // [batch, windows x tokens, width]
  const rows = tf.reshape(inWindows, [-1, channels]);
  const qkv = linear(rows, net.parameter(`${name}.attn.qkv.weight`), qkvBias(net, name)); // [batch x windows x tokens, 3 width]
  const [queriesAndKeys, values] = tf.split(splitHeads(qkv, { heads, tokens }), [2, 1]) as [
    tf.Tensor5D,
    tf.Tensor5D,
  ];
  const [queries, keys] = tf.split(unitRows(queriesAndKeys, gains(net, name)), 2) as [
    tf.Tensor5D,
    tf.Tensor5D,
  ]; // [1, batch x windows, heads, tokens, size]
  const cosines = tf.matMul(queries, keys, false, true); // [1, batch x windows, heads, tokens, tokens], times the head's scale
  const bias = positionBias(net, { name, heads, window, plan });
  const scores = biasAdd(tf.reshape(cosines, [-1, bias.size]), bias);
  const weights = tapBatch(net, `${name}.attn.weights`, tf.softmax(tf.reshape(scores, cosines.shape)));
  const mixed = mergeHeads(tf.matMul(net.drop(`${name}.attn.attention_dropout`, weights), values)); // [batch x windows x tokens, width]
  const back = rearrangeRows(tf.reshape(mixed, inWindows.shape), plan.join); // [batch, rows x columns, width]
  return net.drop(`${name}.attn.dropout`, net.linear(`${name}.attn.proj`, tf.reshape(back, input.shape)));
}

/** The bias [3 width] with its middle third at zero: keys have none, and it gets no gradient. */
function qkvBias(net: Layers, name: string): tf.Tensor {
  const bias = net.parameter(`${name}.attn.qkv.bias`);
  const third = bias.size / 3;
  const live = Float32Array.from({ length: bias.size }, (_, index) =>
    Math.floor(index / third) === 1 ? 0 : 1,
  );
  return tf.mul(bias, tf.tensor1d(live));
}

const largestLogScale = Math.log(100);

/** How long queries and keys are made, [2, 1, heads, 1, 1]: a head's scale of the cosines, at most 100; and 1. */
function gains(net: Layers, name: string): tf.Tensor {
  const logScale = net.parameter(`${name}.attn.logit_scale`); // [heads, 1, 1]
  const scale = tf.exp(tf.minimum(logScale, tf.fill(logScale.shape, largestLogScale)));
  return tf.reshape(tf.stack([scale, tf.onesLike(scale)]), [2, 1, logScale.size, 1, 1]);
}

/**
 * The continuous position bias (Liu et al. 2022, equation 3), 16 sigmoid(MLP(coordinates)), for each pair of tokens, and
 * where windows are shifted their mask. [heads x tokens x tokens], or [windows x heads x tokens x tokens] with a mask.
 */
function positionBias(
  net: Layers,
  { name, heads, window, plan }: { name: string; heads: number; window: Extent; plan: WindowPlan },
): tf.Tensor1D {
  const tokens = window[0] * window[1];
  const offsets = tf.tensor2d(relativeCoordinates(window), [(2 * window[0] - 1) * (2 * window[1] - 1), 2]);
  const hidden = relu(net.linear(`${name}.attn.cpb_mlp.0`, offsets)); // [offsets, 512]
  const table = tf.mul(tf.sigmoid(linear(hidden, net.parameter(`${name}.attn.cpb_mlp.2.weight`))), 16); // [offsets, heads]
  const pairs = tf.gather(table, tf.tensor1d(relativePositions(window), 'int32')); // [tokens x tokens, heads]
  const bias = tf.transpose(pairs);
  if (plan.mask === undefined) return tf.reshape(bias, [-1]);
  const mask = tf.tensor3d(plan.mask, [plan.windows, 1, tokens * tokens]);
  return tf.reshape(tf.add(tf.reshape(bias, [1, heads, tokens * tokens]), mask), [-1]);
}

/** Factors of dropout and stochastic depth (Huang et al. 2016) for images [batch, height, width, 3]. */
function noise(shape: SwinV2Shape, [batch = 0, ...sides]: readonly number[]): NoiseEntry[] {
  const { window, patch, dropout = 0, attentionDropout = 0 } = shape;
  const tokens = window[0] * window[1];
  let rows = Math.floor(sides[0]! / patch[0]);
  let columns = Math.floor(sides[1]! / patch[1]);
  return swinStages(shape).flatMap(({ blocks, merging }) => {
    const cells = rows * columns;
    const windows = Math.ceil(rows / window[0]) * Math.ceil(columns / window[1]);
    const entries = blocks.flatMap(({ name, width, heads, mlpWidth, skip }): NoiseEntry[] => {
      const map = (size: number): number[] => [batch, rows, columns, size];
      const all = [
        {
          name: `${name}.attn.attention_dropout`,
          shape: [batch * windows, heads, tokens, tokens],
          keep: 1 - attentionDropout,
        },
        { name: `${name}.attn.dropout`, shape: [batch, cells, width], keep: 1 - dropout },
        { name: `${name}.stochastic_depth.attn`, shape: [batch, 1, 1, 1], keep: 1 - skip },
        { name: `${name}.mlp.2`, shape: map(mlpWidth), keep: 1 - dropout },
        { name: `${name}.mlp.4`, shape: map(width), keep: 1 - dropout },
        { name: `${name}.stochastic_depth.mlp`, shape: [batch, 1, 1, 1], keep: 1 - skip },
      ];
      return all.filter(({ keep }) => keep < 1);
    });
    if (merging !== undefined) [rows, columns] = [Math.ceil(rows / 2), Math.ceil(columns / 2)];
    return entries;
  });
}
