import { beforeAll, describe, expect, it } from 'vitest';
import type { Tap } from '../../../vision/models/network.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { relativeError } from '../../support/reference-network.ts';
import { liveNetwork } from './small-networks.ts';

beforeAll(async () => {
  await useTestBackend();
});

const input = (): tf.Tensor => tf.randomNormal([2, 16, 16, 3], 0, 1, 'float32', 5);

describe('a tapped value', () => {
  it.each([
    ['vit_mini_4', 'encoder.layers.encoder_layer_5.self_attention.weights', [2, 4, 17, 17]],
    ['swin_v2_mini', 'features.3.3.attn.weights', [2, 6, 16, 16]],
    ['swin_v2_mini', 'features.1.1.attn.weights', [2 * 4, 3, 16, 16]],
  ])('of %s is %s, the shares of attention', (name, wanted, shape) => {
    const { network, state } = liveNetwork(name);
    let rows: tf.Tensor | undefined;
    network.forward({
      state,
      input: input(),
      tap: (tap, value) => {
        if (tap !== wanted) return value;
        expect(value.shape).toEqual(shape);
        rows = tf.keep(tf.sum(value, -1));
        return value;
      },
    });
    for (const sum of rows!.dataSync()) expect(sum).toBeCloseTo(1, 5);
  });

  it("gives a vision transformer's queries, keys and values, from which its weights follow", () => {
    const { network, state } = liveNetwork('vit_mini_4');
    const attention = 'encoder.layers.encoder_layer_5.self_attention';
    const seen = new Map<string, tf.Tensor>();
    const tap: Tap = (name, value) => {
      if (name.startsWith(attention)) seen.set(name.slice(attention.length + 1), tf.keep(value.clone()));
      return value;
    };
    network.forward({ state, input: input(), tap });
    expect([...seen.keys()]).toEqual(['queries', 'keys', 'values', 'weights']);
    expect(seen.get('values')!.shape).toEqual([2, 17, 128]);
    // Heads lie side by side: [batch, tokens, heads x size] -> [batch, heads, tokens, size]
    const [queries, keys] = ['queries', 'keys'].map((part) =>
      tf.transpose(tf.reshape(seen.get(part)!, [2, 17, 4, 32]), [0, 2, 1, 3]),
    ) as [tf.Tensor, tf.Tensor];
    const expected = tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(32)));
    expect(relativeError(seen.get('weights')!.dataSync(), expected.dataSync())).toBeLessThan(1e-6);
  });

  it('goes on as whoever taps it answers', () => {
    const { network, state } = liveNetwork('swin_v2_mini');
    const plain = network.forward({ state, input: input() }).dataSync();
    const silenced = network.forward({
      state,
      input: input(),
      tap: (name, value) => (name === 'features.3.3.norm1' ? tf.zerosLike(value) : value),
    });
    expect(relativeError(silenced.dataSync(), plain)).toBeGreaterThan(1e-3);
  });

  // What GradCAM reads where the layer is no stage: the gradient by a delta of zeros at a norm within a block.
  it.each([
    ['swin_v2_mini', 'features.3.3.norm1', [2, 4, 4, 96]],
    ['vit_mini_4', 'encoder.layers.encoder_layer_5.ln_1', [2, 17, 128]],
    ['resnet20', 'layer3', [2, 4, 4, 64]],
  ])('of %s can be differentiated by: %s', (name, wanted, shape) => {
    const { network, state } = liveNetwork(name);
    const target = (delta: tf.Tensor): tf.Scalar => {
      const tap: Tap = (tapped, value) => (tapped === wanted ? tf.add(value, delta) : value);
      const logits = network.forward({ state, input: input(), tap }) as tf.Tensor2D;
      return tf.sum(tf.slice(logits, [0, 2], [2, 1]));
    };
    const gradient = tf.grad((delta) => target(delta))(tf.zeros(shape));
    const direction = tf.randomNormal(shape, 0, 1, 'float32', 7);
    const step = 1e-2;
    const numeric =
      (target(tf.mul(direction, step)).dataSync()[0]! - target(tf.mul(direction, -step)).dataSync()[0]!) /
      (2 * step);
    const along = tf.sum(tf.mul(gradient, direction)).dataSync()[0]!;
    expect(Math.abs(numeric)).toBeGreaterThan(1e-3);
    expect(along / numeric).toBeCloseTo(1, 2);
  });
});
