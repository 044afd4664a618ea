import { beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../../../vision/models/network.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { globalMagnitude } from '../../../vision/pruning/global-magnitude.ts';
import { fullMasks, prunableEntries, type Masks } from '../../../vision/pruning/masks.ts';
import { softmaxCrossEntropy, tf } from '../../../vision/tensors/index.ts';
import { flatParameters } from '../../../vision/training/flat-parameters.ts';
import { sgdStep, type SgdScalars } from '../../../vision/training/sgd.ts';
import {
  disposeTrainingState,
  trainingStep,
  type StepProgram,
  type TrainingState,
} from '../../../vision/training/step.ts';
import { toTorchLayout } from '../../../vision/weights/memory-layout.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import { channelsLast, referenceState, relativeError } from '../../support/reference-network.ts';

beforeAll(async () => {
  await useTestBackend();
});

const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, index) => Math.abs(value - b[index]!)).reduce((x, y) => Math.max(x, y), 0);

// The references are float64. Batch norms over six values and ReLUs that flip amplify rounding: changing the start by one
// unit in the last place moves the end of these twenty steps by 4e-7 to 1.1e-4 (measured, both backends), as far as we are
// from the reference. The optimiser itself is held to 1e-5, on given gradients.
const float32Drift = 2e-4;

interface Trajectories {
  net_kwargs: { base: number; num_classes: number };
  cases: Record<
    string,
    { hyper: { lr: number; momentum: number; weight_decay: number }; net_losses: number[] }
  >;
}
const trajectories = referenceJson('optim/trajectories.json') as Trajectories;
const tensors = referenceTensors('optim/trajectories.safetensors');

function startOf(program: StepProgram, state: State): TrainingState {
  const buffers = program.network.entries.filter(({ role }) => role === 'buffer');
  return {
    parameters: program.flat.pack(state),
    velocity: tf.zeros([program.flat.size]),
    meters: tf.zeros([2]),
    buffers: new Map(buffers.map(({ name }) => [name, state.get(name)!])),
  };
}

describe.each(['sgd', 'sgd_nesterov', 'sgd_plain'])('the optimiser in case %s', (name) => {
  const { hyper, net_losses: losses } = trajectories.cases[name]!;
  const scalars: SgdScalars = {
    learningRate: hyper.lr,
    momentum: hyper.momentum,
    nesterov: name === 'sgd_nesterov',
    weightDecay: hyper.weight_decay,
  };

  it('follows 20 steps on given gradients', () => {
    const gradients = tf.tensor2d(Float32Array.from(floats(tensors, 'gradients')), [20, 9]).unstack();
    let parameters: tf.Tensor = tf.tensor1d(Float32Array.from(floats(tensors, 'p0')));
    let velocity: tf.Tensor = tf.zeros([9]);
    const expected = floats(tensors, `expect/${name}/params`);
    gradients.forEach((gradient, step) => {
      const learningRate = step < 10 ? hyper.lr : hyper.lr * 0.1;
      ({ parameters, velocity } = sgdStep({ parameters, velocity, gradient }, { ...scalars, learningRate }));
      expect(maxDifference(parameters.dataSync(), expected.subarray(step * 9, step * 9 + 9))).toBeLessThan(
        1e-5,
      );
    });
  });

  it('follows 20 steps of a small network', () => {
    const { base, num_classes: classes } = trajectories.net_kwargs;
    const network = buildResNet(
      { block: 'basic', layers: [1, 1, 1, 1], base, dilate: [false, false, false] },
      classes,
    );
    const flat = flatParameters(network.entries);
    const program: StepProgram = { network, flat, mask: undefined, labelSmoothing: 0.1 };
    let state = startOf(program, referenceState(tensors, network, 'net/weights'));
    const batch = {
      images: channelsLast(floats(tensors, 'net/input'), [6, 3, 32, 32]),
      labels: tf.tensor1d(Array.from(tensors.get('net/target')!.data, Number), 'int32'),
    };
    let before = 0;
    for (const loss of losses) {
      const next = trainingStep(program, { state, batch, scalars });
      disposeTrainingState(state, next);
      state = next;
      const sum = state.meters.dataSync()[0]!;
      expect((sum - before) / 6).toBeCloseTo(loss, 4);
      before = sum;
    }
    const last = flat.unpack(state.parameters);
    for (const [key, field] of [
      ['conv1.weight', 'net_conv1_weight'],
      ['fc.weight', 'net_fc_weight'],
    ] as const) {
      const { shape } = network.entries.find((entry) => entry.name === key)!;
      const values = toTorchLayout(last.get(key)!.dataSync<'float32'>(), shape);
      expect(maxDifference(values, floats(tensors, `expect/${name}/${field}`))).toBeLessThan(float32Drift);
    }
  });
});

describe('a training step', () => {
  it('leaks nothing and leaves its arguments as they were', () => {
    const { base, num_classes: classes } = trajectories.net_kwargs;
    const network = buildResNet(
      { block: 'basic', layers: [1, 1, 1, 1], base, dilate: [false, false, false] },
      classes,
    );
    const flat = flatParameters(network.entries);
    const program: StepProgram = { network, flat, mask: undefined, labelSmoothing: 0 };
    const state = startOf(program, referenceState(tensors, network, 'net/weights'));
    const batch = {
      images: channelsLast(floats(tensors, 'net/input'), [6, 3, 32, 32]),
      labels: tf.tensor1d(Array.from(tensors.get('net/target')!.data, Number), 'int32'),
    };
    const parameters = state.parameters.dataSync().slice();
    const tensorsBefore = tf.memory().numTensors;
    const scalars = { learningRate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 1e-4 };
    const next = trainingStep(program, { state, batch, scalars });
    expect(state.parameters.dataSync()).toEqual(parameters);
    disposeTrainingState(next, state);
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });
});

describe('pruning and retraining in turns', () => {
  it.runIf(referencePath('prune/lrr_resnet_basic.safetensors'))(
    'follows three rounds of the reference',
    () => {
      const facts = referenceJson('prune/lrr_resnet_basic.json') as {
        kwargs: { base: number; num_classes: number };
        lr: number;
        momentum: number;
        weight_decay: number;
        epochs: number;
        rounds: number;
        log: { loss: number; lr: number }[];
      };
      const reference = referenceTensors('prune/lrr_resnet_basic.safetensors');
      const { base, num_classes: classes } = facts.kwargs;
      const network = buildResNet(
        { block: 'basic', layers: [1, 1, 1, 1], base, dilate: [false, false, false] },
        classes,
      );
      const flat = flatParameters(network.entries);
      const batches = [0, 1].map((index) => ({
        images: channelsLast(floats(reference, `input${index}`), reference.get(`input${index}`)!.shape),
        labels: tf.tensor1d(Array.from(reference.get(`target${index}`)!.data, Number), 'int32'),
      }));
      let masks: Masks = fullMasks(network.entries);
      let values: State = referenceState(reference, network);
      const log = [...facts.log];
      for (let round = 0; round < facts.rounds; round += 1) {
        const mask = flat.packValues(masks, 1);
        const program: StepProgram = { network, flat, mask, labelSmoothing: 0.1 };
        let state = startOf(program, values);
        for (let epoch = 0; epoch < facts.epochs; epoch += 1)
          for (const batch of batches) {
            const { loss, lr } = log.shift()!;
            const scalars = {
              learningRate: lr,
              momentum: facts.momentum,
              nesterov: false,
              weightDecay: facts.weight_decay,
            };
            const before = state.meters.dataSync()[0]!;
            state = trainingStep(program, { state, batch, scalars });
            expect((state.meters.dataSync()[0]! - before) / 8).toBeCloseTo(loss, 4);
          }
        values = new Map([...state.buffers, ...flat.unpack(state.parameters.mul(mask))]);
        const weights = new Map(
          prunableEntries(network.entries).map(({ name, shape }) => [
            name,
            toTorchLayout(values.get(name)!.dataSync<'float32'>(), shape),
          ]),
        );
        // The reference's "round 0" weights alias the parameters that later rounds went on to change; its masks do not.
        if (round > 0)
          for (const [name, actual] of weights) {
            const expected = floats(
              reference,
              `expect/round${round}/weight/${name.replace(/\.weight$/, '')}`,
            );
            expect(maxDifference(actual, expected), name).toBeLessThan(float32Drift);
          }
        const logits = network.forward({ state: values, input: batches[0]!.images });
        const expectedLogits = floats(reference, `expect/round${round}/logits_eval`);
        expect(relativeError(logits.dataSync(), expectedLogits)).toBeLessThan(1e-4);
        if (round === facts.rounds - 1) break;
        masks = globalMagnitude.prune({
          weights,
          masks,
          amount: { kind: 'fraction', fraction: 0.2 },
          seed: 0,
        });
        for (const [name, actual] of masks) {
          const layer = name.replace(/\.weight$/, '');
          expect(actual).toEqual(reference.get(`expect/mask_after_round${round}/${layer}`)!.data);
        }
      }
      expect(log).toEqual([]);
    },
  );
});

describe('the loss', () => {
  it('is PyTorch cross-entropy, with hard and soft targets and smoothing, and so is its gradient', () => {
    const facts = referenceJson('optim/cross_entropy.json') as {
      rows: { label_smoothing: number; target: string; loss: number }[];
    };
    const reference = referenceTensors('optim/cross_entropy.safetensors');
    const logits = tf.tensor2d(Float32Array.from(floats(reference, 'logits')), [6, 9]);
    for (const { label_smoothing: labelSmoothing, target, loss } of facts.rows) {
      const labels =
        target === 'hard'
          ? tf.tensor1d(Array.from(reference.get('target')!.data, Number), 'int32')
          : tf.tensor2d(Float32Array.from(floats(reference, `${target}_target`)), [6, 9]);
      const { value } = tf.valueAndGrad((x) => softmaxCrossEntropy(x, labels, { labelSmoothing }))(logits);
      expect(value.dataSync()[0]).toBeCloseTo(loss, 5);
    }
  });
});
