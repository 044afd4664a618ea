import { beforeAll, describe, expect, it } from 'vitest';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { adamStep, tf } from '../../../vision/tensors/index.ts';
import { optimiserNamed, optimisers } from '../../../vision/training/optimisers/registry.ts';
import { partsOf } from '../../../vision/training/parts-of-recipe.ts';
import type { OptimizerChoice } from '../../../vision/training/recipe.ts';
import { toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { channelsLast, referenceDict } from '../../support/reference-network.ts';
import { recipeWith, Trainee } from './trainee.ts';

beforeAll(async () => {
  await useTestBackend();
});

// The references are float64. Batch norms over six values and ReLUs that flip amplify rounding: changing the start by one
// unit in the last place moves the end of these twenty steps by 4e-7 to 1.1e-4 (measured, both backends), as far as we are
// from the reference. The optimiser itself is held to 1e-5, on given gradients.
const float32Drift = 2e-4;
// RMSprop's steps are long here: from the ninth on, such a change moves the loss by up to 1.4e-2.
const steadySteps: { readonly [name: string]: number } = { rmsprop: 8 };

interface Trajectories {
  net_kwargs: { base: number; num_classes: number };
  cases: Record<string, { hyper: Hyper; net_losses: number[] }>;
}
interface Hyper {
  opt: 'sgd' | 'sgd_nesterov' | 'rmsprop' | 'adamw';
  lr: number;
  momentum?: number;
  weight_decay: number;
}
const trajectories = referenceJson('optim/trajectories.json') as Trajectories;
const tensors = referenceTensors('optim/trajectories.safetensors');
const { base, num_classes: classes } = trajectories.net_kwargs;
const network = buildResNet(
  { block: 'basic', layers: [1, 1, 1, 1], base, dilate: [false, false, false] },
  classes,
);

const recipeOf = ({ opt, momentum = 0, weight_decay }: Hyper) =>
  recipeWith({
    optimizer: { kind: opt === 'sgd_nesterov' ? 'sgd' : opt },
    nesterov: opt === 'sgd_nesterov',
    momentum,
    weight_decay,
    label_smoothing: 0.1,
  });

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, index) => Math.abs(value - b[index]!)).reduce((x, y) => Math.max(x, y), 0);

/** Parameters after each step on the given gradients, the weight decay one number or a vector. */
function* follow(
  optimizer: OptimizerChoice,
  from: { hyper: Omit<Hyper, 'opt'>; nesterov: boolean; decay: number | tf.Tensor },
): Generator<Float32Array> {
  const { hyper, nesterov, decay } = from;
  const { optimiser, settings } = partsOf(
    network,
    recipeWith({ optimizer, nesterov, momentum: hyper.momentum ?? 0 }),
  );
  const gradients = tf.tensor2d(Float32Array.from(floats(tensors, 'gradients')), [20, 9]).unstack();
  let parameters: tf.Tensor = tf.tensor1d(Float32Array.from(floats(tensors, 'p0')));
  let kept = new Map<string, tf.Tensor>(optimiser.keeps(settings).map((name) => [name, tf.zeros([9])]));
  for (const [index, gradient] of gradients.entries()) {
    const learningRate = index < 10 ? hyper.lr : hyper.lr * 0.1;
    const scalars = optimiser.scalars(settings, { learningRate, step: index + 1 });
    const next = optimiser.update(
      {
        parameters,
        gradient,
        decay,
        kept: (name) => kept.get(name)!,
        scalar: (name) => tf.scalar(scalars[name]!),
        adamStep,
      },
      settings,
    );
    ({ parameters } = next);
    kept = new Map(Object.entries(next.kept));
    yield parameters.dataSync<'float32'>();
  }
}

describe.each(Object.keys(trajectories.cases))('the optimiser in case %s', (name) => {
  const { hyper, net_losses: losses } = trajectories.cases[name]!;
  const { optimizer, nesterov } = recipeOf(hyper);
  const expected = floats(tensors, `expect/${name}/params`);

  it.each(['one number', 'a vector'])('follows 20 steps on given gradients, the decay %s', (form) => {
    const decay = form === 'a vector' ? tf.fill([9], hyper.weight_decay) : hyper.weight_decay;
    let step = 0;
    for (const parameters of follow(optimizer, { hyper, nesterov, decay })) {
      expect(furthest(parameters, expected.subarray(step * 9, step * 9 + 9)), `step ${step}`).toBeLessThan(
        1e-5,
      );
      step += 1;
    }
    expect(step).toBe(20);
  });

  it('follows the steps of a small network', async () => {
    using trainee = new Trainee(network, {
      initial: referenceDict(tensors, network, 'net/weights'),
      recipe: recipeOf(hyper),
    });
    const batch = {
      images: channelsLast(floats(tensors, 'net/input'), [6, 3, 32, 32]),
      labels: tf.tensor1d(Array.from(tensors.get('net/target')!.data, Number), 'int32'),
    };
    const steady = steadySteps[name] ?? losses.length;
    for (const loss of losses.slice(0, steady))
      expect(await trainee.step(batch, hyper.lr)).toBeCloseTo(loss, 4);
    if (steady < losses.length) return;
    const last = await trainee.dict();
    for (const [key, field] of [
      ['conv1.weight', 'net_conv1_weight'],
      ['fc.weight', 'net_fc_weight'],
    ] as const)
      expect(furthest(toFloat32(last.get(key)!), floats(tensors, `expect/${name}/${field}`))).toBeLessThan(
        float32Drift,
      );
  });
});

describe('every optimiser', () => {
  it.each(optimisers.map(({ kind }) => kind))('%s leaves at zero what has no gradient', (kind) => {
    const optimiser = optimiserNamed(kind);
    const { settings } = partsOf(network, recipeWith({ optimizer: { kind } }));
    let parameters: tf.Tensor = tf.tensor1d([0, 1]);
    let kept = new Map<string, tf.Tensor>(optimiser.keeps(settings).map((name) => [name, tf.zeros([2])]));
    for (let step = 1; step <= 3; step += 1) {
      const scalars = optimiser.scalars(settings, { learningRate: 0.1, step });
      const next = optimiser.update(
        {
          parameters,
          gradient: tf.tensor1d([-0, 1]),
          decay: 0.5,
          kept: (name) => kept.get(name)!,
          scalar: (name) => tf.scalar(scalars[name]!),
          adamStep,
        },
        settings,
      );
      ({ parameters } = next);
      kept = new Map(Object.entries(next.kept));
    }
    const [pruned, live] = parameters.dataSync();
    expect(pruned).toBe(0);
    expect(live).toBeLessThan(1);
  });

  it('is Adam as worked out by hand for one step, with the penalty in its gradient', () => {
    const adam = optimiserNamed('adam');
    const { settings } = partsOf(network, recipeWith({ optimizer: { kind: 'adam', epsilon: 0.5 } }));
    const scalars = adam.scalars(settings, { learningRate: 0.1, step: 1 });
    const { parameters } = adam.update(
      {
        parameters: tf.tensor1d([2]),
        gradient: tf.tensor1d([1]),
        decay: 0.25,
        kept: () => tf.zeros([1]),
        scalar: (name) => tf.scalar(scalars[name]!),
        adamStep,
      },
      settings,
    );
    // g = 1 + 0.25 x 2 = 1.5; after one step mean / c1 = g and the root is |g|: 2 - 0.1 x 1.5 / (1.5 + 0.5).
    expect(parameters.dataSync()[0]).toBeCloseTo(2 - 0.075, 6);
  });
});
