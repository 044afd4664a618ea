import { beforeAll, describe, expect, it } from 'vitest';
import type { Network, NoiseEntry, State } from '../../../vision/models/network.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { relativeError } from '../../support/reference-network.ts';
import { liveNetwork } from './small-networks.ts';

beforeAll(async () => {
  await useTestBackend();
});

const images = [2, 16, 16, 3];
const input = (): tf.Tensor => tf.randomNormal(images, 0, 1, 'float32', 5);
const all = { dropout: 0.1, attentionDropout: 0.2, stochasticDepth: 0.3 };

function drawn(entries: readonly NoiseEntry[], seed: number): Map<string, tf.Tensor> {
  return new Map(
    entries.map(({ name, shape, keep }, index) => {
      const random = randomFrom(seed, index);
      const size = shape.reduce((product, side) => product * side, 1);
      const values = Float32Array.from({ length: size }, () => (random.chance(keep) ? 1 / keep : 0));
      return [name, tf.tensor(values, [...shape])];
    }),
  );
}

function run(
  { network, state }: { network: Network; state: State },
  noise: ReadonlyMap<string, tf.Tensor>,
  until?: string,
): tf.Tensor {
  const training = { updates: new Map<string, tf.Tensor>(), noise };
  return network.forward({ state, input: input(), training, ...(until === undefined ? {} : { until }) });
}

const filled = ({ shape }: NoiseEntry, value: number): tf.Tensor => tf.fill([...shape], value);

function alternating({ shape }: NoiseEntry): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, index) => 2 * (index % 2)),
    [...shape],
  );
}

describe.each([
  ['vit_mini_4', 4 * 6 + 1],
  // The first block is never left out.
  ['swin_v2_mini', 6 * 6 - 2],
])('the noise of %s', (name, count) => {
  it('is asked for by name and shape, and every draw is used', () => {
    const live = liveNetwork(name, all);
    const entries = live.network.noise!(images);
    expect(entries).toHaveLength(count);
    expect(new Set(entries.map((entry) => entry.name)).size).toBe(count);
    const plain = run(live, new Map()).dataSync();
    for (const entry of entries) {
      // Nothing where every value is kept, something where each second one is: the shape fits, the place is reached.
      expect(run(live, new Map([[entry.name, filled(entry, 1)]])).dataSync(), entry.name).toEqual(plain);
      const dropped = run(live, new Map([[entry.name, alternating(entry)]])).dataSync();
      expect(relativeError(dropped, plain), entry.name).toBeGreaterThan(1e-4);
    }
  });

  it('gives the same values for the same draws, others for others', () => {
    const live = liveNetwork(name, all);
    const entries = live.network.noise!(images);
    const first = run(live, drawn(entries, 1)).dataSync();
    expect(run(live, drawn(entries, 1)).dataSync()).toEqual(first);
    expect(run(live, drawn(entries, 2)).dataSync()).not.toEqual(first);
  });

  it('is of no meaning in evaluation', () => {
    const { network, state } = liveNetwork(name, all);
    const plain = liveNetwork(name);
    const expected = plain.network.forward({ state: plain.state, input: input() }).dataSync();
    expect(network.forward({ state, input: input() }).dataSync()).toEqual(expected);
  });
});

describe('dropout', () => {
  it('is absent from a vision transformer, and from Swin but for its depth, unless it is asked for', () => {
    expect(liveNetwork('vit_mini_4').network.noise!(images)).toEqual([]);
    const kept = liveNetwork('swin_v2_mini').network.noise!(images);
    expect(kept.every((entry) => entry.name.includes('stochastic_depth'))).toBe(true);
    expect(liveNetwork('swin_v2_mini', { stochasticDepth: 0 }).network.noise!(images)).toEqual([]);
  });

  it('keeps the mean where what follows is linear', () => {
    // The last layer of a block's MLP: its branch is only added.
    const live = liveNetwork('vit_mini_4', { dropout: 0.25 });
    const block = 'encoder.layers.encoder_layer_5';
    const entry = live.network.noise!(images).find((each) => each.name === `${block}.mlp.4`)!;
    const at = (value: number): tf.Tensor => run(live, new Map([[entry.name, filled(entry, value)]]), block);
    const mean = tf.add(tf.mul(at(0), 1 - entry.keep), tf.mul(at(1 / entry.keep), entry.keep));
    expect(relativeError(mean.dataSync(), run(live, new Map(), block).dataSync())).toBeLessThan(1e-6);
  });
});

describe('stochastic depth', () => {
  it('grows linearly from 0 at the first block to its full value at the last', () => {
    const { network } = liveNetwork('swin_v2_mini', { stochasticDepth: 0.5 });
    const skips = network.noise!(images).map(({ name, keep }) => [name, Math.round((1 - keep) * 1e6) / 1e6]);
    const blocks = ['features.1.1', 'features.3.0', 'features.3.1', 'features.3.2', 'features.3.3'];
    expect(skips).toEqual(
      blocks
        .flatMap((block, index) => [
          [`${block}.stochastic_depth.attn`, 0.1 * (index + 1)],
          [`${block}.stochastic_depth.mlp`, 0.1 * (index + 1)],
        ])
        .map(([name, skip]) => [name, Math.round(Number(skip) * 1e6) / 1e6]),
    );
  });

  it("leaves out an image's branches, exactly, and scales those that stay", () => {
    const live = liveNetwork('swin_v2_mini', { stochasticDepth: 0.5 });
    const seen = new Map<string, Float32Array>();
    const noise = new Map<string, tf.Tensor>();
    // The first image without the last block, the second with its branches doubled.
    for (const branch of ['attn', 'mlp'])
      noise.set(`features.3.3.stochastic_depth.${branch}`, tf.tensor4d([0, 2], [2, 1, 1, 1]));
    // The second stage but for its last block is the first stage's output through three blocks.
    const names = ['features.3.3.norm1', 'features.3'];
    live.network.forward({
      state: live.state,
      input: input(),
      training: { updates: new Map(), noise },
      tap: (name, value) => {
        if (names.includes(name)) seen.set(name, value.dataSync<'float32'>().slice());
        return value;
      },
    });
    const half = seen.get('features.3')!.length / 2;
    const without = new Map(noise);
    for (const name of noise.keys()) without.set(name, tf.zeros([2, 1, 1, 1]));
    const before = run(live, without, 'features.3').dataSync<'float32'>();
    expect(seen.get('features.3')!.slice(0, half)).toEqual(before.slice(0, half));
    // x + 2 norm1 is what the MLP's branch sees: taken off, the rest is a layer norm's output doubled.
    const branch = Float32Array.from(
      seen.get('features.3')!.slice(half),
      (value, index) =>
        (value - before[half + index]! - 2 * seen.get('features.3.3.norm1')![half + index]!) / 2,
    );
    const width = 96;
    for (let cell = 0; cell < branch.length; cell += width) {
      const values = branch.slice(cell, cell + width);
      const mean = values.reduce((sum, value) => sum + value, 0) / width;
      const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
      expect(Math.abs(mean)).toBeLessThan(1e-4);
      expect(spread).toBeCloseTo(1, 3);
    }
  });
});
