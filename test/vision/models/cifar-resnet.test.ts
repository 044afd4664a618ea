import { beforeAll, describe, expect, it } from 'vitest';
import { buildCifarResNet } from '../../../vision/models/cifar-resnet.ts';
import { fanInRule } from '../../../vision/models/initial-resnet.ts';
import type { State } from '../../../vision/models/network.ts';
import { modelNamed } from '../../../vision/models/registry.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { disposeState, stateToTensors } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';

const network = buildCifarResNet({ layers: [1, 1, 1], base: 4 }, 3);
let state: State;

beforeAll(async () => {
  await useTestBackend();
  const { entries } = network;
  state = stateToTensors(freshState({ entries, initialisation: fanInRule, seed: 2 }), entries);
});

describe('a CIFAR ResNet', () => {
  it.each([
    [32, 8],
    [33, 9],
    [12, 3],
  ])('takes images of %d pixels to maps of %d', (side, cells) => {
    const map = network.forward({ state, input: tf.zeros([2, side, side, 3]), until: 'layer3' });
    expect(map.shape).toEqual([2, cells, cells, 16]);
    expect(network.forward({ state, input: map, from: 'layer3' }).shape).toEqual([2, 3]);
  });

  it('shortens by every second pixel, with zero channels on both sides', () => {
    // With its two convolutions at zero, a block is the ReLU of its shortcut.
    const silent = new Map(state);
    for (const name of ['layer2.0.conv1.weight', 'layer2.0.conv2.weight'])
      silent.set(name, tf.zerosLike(state.get(name)!));
    const input = tf.tensor4d(
      Float32Array.from({ length: 96 }, (_, index) => index),
      [1, 4, 6, 4],
    );
    const map = network.forward({ state: silent, input, from: 'layer1', until: 'layer2' });
    const picked = tf.pad(input.stridedSlice([0, 0, 0, 0], [1, 4, 6, 4], [1, 2, 2, 1]), [
      [0, 0],
      [0, 0],
      [0, 0],
      [2, 2],
    ]);
    expect(map.shape).toEqual([1, 2, 3, 8]);
    expect([...map.dataSync()]).toEqual([...picked.dataSync()]);
  });

  it('leaks nothing, in evaluation or training', () => {
    const input = tf.ones([2, 16, 16, 3]);
    const before = tf.memory().numTensors;
    network.forward({ state, input }).dispose();
    const updates = new Map<string, tf.Tensor>();
    network.forward({ state, input, training: { updates } }).dispose();
    disposeState(updates);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('needs every entry of its state', () => {
    const partial = new Map(state);
    partial.delete('layer1.0.bn2.bias');
    expect(() => network.forward({ state: partial, input: tf.zeros([1, 16, 16, 3]) })).toThrow(
      "the state has no 'layer1.0.bn2.bias'",
    );
  });

  it('is in the registry at its four depths', () => {
    const depths = ['resnet20', 'resnet32', 'resnet44', 'resnet56'].map(
      (name) =>
        modelNamed(name)!
          .build({ classes: 10 })
          .entries.filter(({ role }) => role === 'convolution').length + 1,
    );
    expect(depths).toEqual([20, 32, 44, 56]);
    expect(modelNamed('resnet21')).toBeUndefined();
  });
});
