import { beforeAll, describe, expect, it } from 'vitest';
import type { Network, State } from '../../../vision/models/network.ts';
import { modelNamed } from '../../../vision/models/registry.ts';
import type { ResNetShape } from '../../../vision/models/resnet-layout.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { softmaxCrossEntropy, tf } from '../../../vision/tensors/index.ts';
import { toTorchLayout } from '../../../vision/weights/memory-layout.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { hashFill } from '../../support/hash-fill.ts';
import {
  floats,
  referenceJson,
  referencePath,
  referenceTensors,
  type ReferenceTensor,
} from '../../support/reference-case.ts';
import {
  channelsFirst,
  channelsLast,
  hashFilledState,
  referenceState,
  relativeError,
} from '../../support/reference-network.ts';

beforeAll(async () => {
  await useTestBackend();
});

interface MiniCase {
  input_shape: number[];
  kwargs: {
    layers: ResNetShape['layers'];
    base: number;
    num_classes: number;
    dilate?: ResNetShape['dilate'];
  };
  label_smoothing: number;
  loss_eval: number;
  loss_train: number;
}

const minis = [
  ['mini_resnet_basic', 'basic'],
  ['mini_resnet_bottleneck', 'bottleneck'],
  ['mini_resnet_bottleneck_dilated', 'bottleneck'],
] as const;

describe.each(minis)('%s', (name, block) => {
  const there = referencePath(`models/${name}.safetensors`) !== undefined;
  let facts: MiniCase;
  let tensors: ReadonlyMap<string, ReferenceTensor>;
  let network: Network;
  let state: State;

  beforeAll(() => {
    if (!there) return;
    facts = referenceJson(`models/${name}.json`) as MiniCase;
    tensors = referenceTensors(`models/${name}.safetensors`);
    const { layers, base, num_classes: classes, dilate = [false, false, false] } = facts.kwargs;
    network = buildResNet({ block, layers, base, dilate }, classes);
    state = referenceState(tensors, network);
  });

  const input = (): tf.Tensor4D => channelsLast(floats(tensors, 'input'), facts.input_shape);
  const target = (): tf.Tensor1D => tf.tensor1d(Array.from(tensors.get('target')!.data, Number), 'int32');

  it.runIf(there)('gives the logits, and the maps of every stage', () => {
    const images = input();
    expect(
      relativeError(network.forward({ state, input: images }).dataSync(), floats(tensors, 'expect/logits')),
    ).toBeLessThan(1e-5);
    for (const stage of ['layer1', 'layer2', 'layer3', 'layer4'])
      expect(
        relativeError(
          channelsFirst(network.forward({ state, input: images, until: stage })),
          floats(tensors, `expect/feat/${stage}`),
        ),
      ).toBeLessThan(1e-5);
  });

  it.runIf(there)('runs in two halves as in one', () => {
    const half = network.forward({ state, input: input(), until: 'layer2' });
    const logits = network.forward({ state, input: half, from: 'layer2' });
    expect(relativeError(logits.dataSync(), floats(tensors, 'expect/logits'))).toBeLessThan(1e-5);
    expect(() => network.forward({ state, input: half, from: 'head' })).toThrow('no stage lies after');
    expect(() => network.forward({ state, input: half, until: 'layer9' })).toThrow("no stage 'layer9'");
  });

  it.runIf(there).each(['eval', 'train'] as const)('gives the loss and all gradients in %s mode', (mode) => {
    const names = network.entries
      .filter(({ role }) => role !== 'buffer' && role !== 'counter')
      .map((entry) => entry.name);
    const updates = new Map<string, tf.Tensor>();
    const images = input();
    const labels = target();
    const loss = (parameters: tf.Tensor[]): tf.Scalar => {
      const moved = new Map(state);
      names.forEach((key, index) => moved.set(key, parameters[index]!));
      const logits = network.forward({
        state: moved,
        input: parameters.at(-1)!,
        ...(mode === 'train' ? { training: { updates } } : {}),
      });
      return softmaxCrossEntropy(logits, labels, { labelSmoothing: facts.label_smoothing });
    };
    const { value, grads } = tf.valueAndGrads((...parameters) => loss(parameters))([
      ...names.map((key) => state.get(key)!),
      images,
    ]);
    expect(value.dataSync()[0]).toBeCloseTo(mode === 'train' ? facts.loss_train : facts.loss_eval, 5);
    // In evaluation the reference keeps the gradients of a few entries only.
    const kept = names.filter((key) => tensors.has(`expect/grad_${mode}/${key}`));
    expect(kept.length).toBeGreaterThanOrEqual(mode === 'train' ? names.length : 2);
    kept.forEach((key) => {
      const index = names.indexOf(key);
      const { shape } = network.entries.find((entry) => entry.name === key)!;
      const gradient = toTorchLayout(grads[index]!.dataSync<'float32'>(), shape);
      expect(relativeError(gradient, floats(tensors, `expect/grad_${mode}/${key}`)), key).toBeLessThan(1e-4);
    });
    expect(
      relativeError(channelsFirst(grads.at(-1)!), floats(tensors, `expect/grad_input_${mode}`)),
    ).toBeLessThan(1e-4);
    const expectedUpdates = mode === 'train' ? network.entries.filter(({ role }) => role === 'buffer') : [];
    expect([...updates.keys()].sort()).toEqual(expectedUpdates.map((entry) => entry.name).sort());
    for (const [key, tensor] of updates)
      expect(relativeError(tensor.dataSync(), floats(tensors, `expect/bn_after/${key}`)), key).toBeLessThan(
        1e-5,
      );
  });

  it.runIf(there)('leaks nothing', () => {
    const images = input();
    const before = tf.memory().numTensors;
    network.forward({ state, input: images }).dispose();
    expect(tf.memory().numTensors).toBe(before);
    const updates = new Map<string, tf.Tensor>();
    network.forward({ state, input: images, training: { updates } }).dispose();
    disposeState(updates);
    expect(tf.memory().numTensors).toBe(before);
  });
});

interface FullCase {
  model_seed: number;
  input_seed: number;
  input_scale: number;
  argmax: number[];
  stages: Record<string, { shape: number[]; l2: number; idx: number[]; values: number[] }>;
}

describe.each(['resnet18', 'resnet50'])('full-size %s', (name) => {
  it.runIf(referencePath(`models/full_${name}_224.safetensors`))(
    'gives the logits of two images of 224 pixels',
    { timeout: 240_000 },
    () => {
      const facts = referenceJson(`models/full_${name}_224.json`) as FullCase;
      const network = modelNamed(name)!.build({ classes: 1000 });
      const state = hashFilledState(network, facts.model_seed);
      const images = channelsLast(
        hashFill({ seed: facts.input_seed, count: 2 * 3 * 224 * 224, scale: facts.input_scale }),
        [2, 3, 224, 224],
      );
      const stem = channelsFirst(network.forward({ state, input: images, until: 'stem' }));
      facts.stages['stem']!.idx.forEach((at, index) =>
        expect(stem[at]).toBeCloseTo(facts.stages['stem']!.values[index]!, 4),
      );
      const logits = network.forward({ state, input: images }) as tf.Tensor2D;
      expect(
        relativeError(
          logits.dataSync(),
          floats(referenceTensors(`models/full_${name}_224.safetensors`), 'expect/logits'),
        ),
      ).toBeLessThan(1e-5);
      expect([...logits.argMax(1).dataSync()]).toEqual(facts.argmax);
      disposeState(state);
    },
  );
});

describe('a ResNet-50 with a dilated last stage', () => {
  it.runIf(referencePath('models/full_resnet50_dilated_features.safetensors'))(
    'gives the map that LOST reads',
    { timeout: 120_000 },
    () => {
      const facts = referenceJson('models/full_resnet50_dilated_features.json') as {
        model_seed: number;
        input_seed: number;
        input_scale: number;
        input_shape: number[];
      };
      const network = modelNamed('resnet50')!.build({ classes: 1000, dilation: 2 });
      const state = hashFilledState(network, facts.model_seed);
      const count = facts.input_shape.reduce((product, side) => product * side, 1);
      const images = channelsLast(
        hashFill({ seed: facts.input_seed, count, scale: facts.input_scale }),
        facts.input_shape,
      );
      const map = network.forward({ state, input: images, until: 'layer4' }) as tf.Tensor4D;
      expect(map.shape).toEqual([1, 6, 10, 2048]);
      const first = channelsFirst(map.slice([0, 0, 0, 0], [1, 6, 10, 64]));
      expect(
        relativeError(
          first,
          floats(referenceTensors('models/full_resnet50_dilated_features.safetensors'), 'expect/first64ch'),
        ),
      ).toBeLessThan(1e-5);
      disposeState(state);
    },
  );
});
