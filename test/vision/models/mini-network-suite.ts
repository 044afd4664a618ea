import { beforeAll, describe, expect, it } from 'vitest';
import { isParameter } from '../../../vision/models/layout.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { softmaxCrossEntropy, tf } from '../../../vision/tensors/index.ts';
import { toTorchLayout } from '../../../vision/weights/memory-layout.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { expectNoLeak } from '../../support/leaks.ts';
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
  referenceState,
  relativeError,
} from '../../support/reference-network.ts';
import { buildMini, type MiniCase, type MiniNetwork } from './mini-cases.ts';

/** The tolerance of gradients, relative to the largest of a tensor. */
const minis = [
  ['mini_resnet_basic', 1e-4],
  ['mini_resnet_bottleneck', 1e-4],
  ['mini_resnet_bottleneck_dilated', 1e-4],
  ['mini_vit', 1e-4],
  ['mini_swin_v2', 1e-3],
  ['mini_swin_v2_pad', 1e-3],
] as const;
const here = minis.filter(([name]) => referencePath(`models/${name}.safetensors`) !== undefined);

/** Every small reference network on the backend that `start` starts. */
export function miniNetworkSuite(start: () => Promise<unknown>): void {
  beforeAll(async () => {
    await start();
  });

  describe.each(here)('%s', (name, gradientTolerance) => {
    let facts: MiniCase & MiniNetwork;
    let tensors: ReadonlyMap<string, ReferenceTensor>;
    let network: Network;
    let state: State;

    beforeAll(() => {
      facts = referenceJson(`models/${name}.json`) as MiniCase & MiniNetwork;
      tensors = referenceTensors(`models/${name}.safetensors`);
      network = buildMini(facts);
      state = referenceState(tensors, network);
    });

    const input = (): tf.Tensor4D => channelsLast(floats(tensors, 'input'), facts.input_shape);
    const target = (): tf.Tensor1D => tf.tensor1d(Array.from(tensors.get('target')!.data, Number), 'int32');

    it("has torchvision's names and shapes, in its order, and its constants", () => {
      expect(network.entries.map((entry) => [entry.name, entry.shape])).toEqual(
        facts.keys.map(([key, shape]) => [key, shape]),
      );
      for (const { name: key, values } of network.entries.filter(({ role }) => role === 'constant')) {
        const expected = Array.from(tensors.get(`weights/${key}`)!.data, Number);
        expect(relativeError(values!(), expected), key).toBeLessThan(1e-6);
      }
    });

    it('gives the logits, and the values of every stage', () => {
      const seen = new Map<string, tf.Tensor>();
      const logits = network.forward({
        state,
        input: input(),
        tap: (stage, value) => {
          seen.set(stage, tf.keep(value.clone()));
          return value;
        },
      });
      expect(relativeError(logits.dataSync(), floats(tensors, 'expect/logits'))).toBeLessThan(1e-5);
      expect([...seen.keys()]).toEqual(network.taps);
      const stages = network.stages.filter((stage) => tensors.has(`expect/feat/${stage}`));
      expect(stages.length).toBeGreaterThanOrEqual(3);
      for (const stage of stages) {
        const value = seen.get(stage)!;
        // Reference maps of convolutions are channels first; those of Swin, and tokens, are as in memory.
        const asInMemory = facts.kind === 'swin_v2' || value.rank === 3;
        const actual = asInMemory ? value.dataSync() : channelsFirst(value);
        expect(relativeError(actual, floats(tensors, `expect/feat/${stage}`)), stage).toBeLessThan(1e-5);
      }
      tf.dispose([...seen.values()]);
    });

    it('runs in two halves as in one', () => {
      const middle = network.stages[2]!;
      const half = network.forward({ state, input: input(), until: middle });
      const logits = network.forward({ state, input: half, from: middle });
      expect(relativeError(logits.dataSync(), floats(tensors, 'expect/logits'))).toBeLessThan(1e-5);
      const last = network.stages.at(-1)!;
      expect(() => network.forward({ state, input: half, from: last })).toThrow('no stage lies after');
      expect(() => network.forward({ state, input: half, until: 'layer9' })).toThrow("no stage 'layer9'");
    });

    it.each(['eval', 'train'] as const)('gives the loss and all gradients in %s mode', (mode) => {
      const names = network.entries.filter(isParameter).map((entry) => entry.name);
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
      // In evaluation the reference keeps the gradients of a few entries only, or of none where the modes agree.
      const kept = names.filter((key) => tensors.has(`expect/grad_${mode}/${key}`));
      if (mode === 'train') expect(kept).toEqual(names);
      kept.forEach((key) => {
        const index = names.indexOf(key);
        const { shape } = network.entries.find((entry) => entry.name === key)!;
        const gradient = toTorchLayout(grads[index]!.dataSync<'float32'>(), shape);
        const error = relativeError(gradient, floats(tensors, `expect/grad_${mode}/${key}`));
        expect(error, key).toBeLessThan(gradientTolerance);
      });
      expect(
        relativeError(channelsFirst(grads.at(-1)!), floats(tensors, `expect/grad_input_${mode}`)),
      ).toBeLessThan(gradientTolerance);
      const expectedUpdates = mode === 'train' ? network.entries.filter(({ role }) => role === 'buffer') : [];
      expect([...updates.keys()].sort()).toEqual(expectedUpdates.map((entry) => entry.name).sort());
      for (const [key, tensor] of updates)
        expect(relativeError(tensor.dataSync(), floats(tensors, `expect/bn_after/${key}`)), key).toBeLessThan(
          1e-5,
        );
    });

    it('leaks nothing, in evaluation, training or differentiation', async () => {
      const images = input();
      await expectNoLeak(() => {
        network.forward({ state, input: images }).dispose();
        const updates = new Map<string, tf.Tensor>();
        network.forward({ state, input: images, training: { updates } }).dispose();
        tf.grad((x) => tf.sum(network.forward({ state, input: x })))(images).dispose();
        disposeState(updates);
      });
    });
  });
}
