import { beforeAll, describe, expect, it } from 'vitest';
import { modelNamed } from '../../../vision/models/registry.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { runAsGraphs } from '../../../vision/tensors/graph/run-as-graphs.ts';
import { availableBackends, runEagerly, startBackend, tf } from '../../../vision/tensors/index.ts';
import { partsOf } from '../../../vision/training/parts-of-recipe.ts';
import { trainingPrograms } from '../../../vision/training/programs.ts';
import type { Recipe } from '../../../vision/training/recipe.ts';
import { startState } from '../../../vision/training/start-state.ts';
import { stateNames } from '../../../vision/training/state-names.ts';
import { takeBatch, type Training } from '../../../vision/training/take-batch.ts';
import { toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { relativeError } from '../../support/numeric-gradient.ts';
import { recipeWith } from './trainee.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);

const [images, classes] = [3, 5];
const steps = 3;

/** What training holds at the end of a few steps, half of its prunable weights masked. */
async function stateAfter(run: typeof runEagerly, name: string, recipe: Recipe): Promise<Values> {
  const model = modelNamed(name)!;
  const network = model.build({ classes });
  const side = model.preprocessing.crop;
  const initial = freshState({ entries: network.entries, initialisation: model.initialisation, seed: 1 });
  const random = randomFrom(3);
  const prunable = network.entries.filter((entry) => entry.prunable);
  const masks = new Map(
    prunable.map((entry) => [
      entry.name,
      Uint8Array.from(toFloat32(initial.get(entry.name)!), () => random.integer(2)),
    ]),
  );
  const before = tf.memory().numTensors;
  const parts = partsOf(network, recipe);
  const programs = run(trainingPrograms(parts), startState(parts, { initial, masks, recipe }));
  const training: Training = { programs, parts, recipe, side };
  for (let batch = 0; batch < steps; batch += 1)
    takeBatch(
      training,
      {
        images: Float32Array.from({ length: images * side * side * 3 }, () => random.normal()),
        labels: Int32Array.from({ length: images }, () => random.integer(classes)),
        indices: Int32Array.from({ length: images }, (_, index) => index),
      },
      {
        ...{ seed: 1, epoch: 0, batch, step: batch, firstEpoch: 0 },
        ...{ learningRate: 1e-3, totalSteps: batch, imagesOfStep: images, endsStep: true },
      },
    );
  const values = await programs.read();
  programs.dispose();
  return { values, leaked: tf.memory().numTensors - before };
}

interface Values {
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly leaked: number;
}

const transformers = recipeWith({
  ...{ optimizer: { kind: 'adamw' }, clip_grad_norm: 1, weight_decay: 0.05, label_smoothing: 0.1 },
  ...{ norm_weight_decay: 0, bias_weight_decay: 0, mixup: 0.2 },
});

describe.runIf(tensorflow)('a training step as a graph', () => {
  beforeAll(async () => {
    await startBackend({ backend: 'tensorflow', threads: 1 });
  });

  // Adam turns what rounding leaves of a gradient near zero into a step, so vectors agree to a part of the largest value.
  it.each([
    ['vit_mini_4', 'by AdamW', transformers],
    ['swin_v2_mini', 'by AdamW', transformers],
    [
      'vit_mini_4',
      'by AdamW in pieces',
      { ...transformers, micro_batch: 2, norm_weight_decay: 0.05, bias_weight_decay: 0.05 },
    ],
    ['vit_mini_4', 'by Adam', recipeWith({ optimizer: { kind: 'adam' } })],
    ['resnet8', 'by SGD', recipeWith({ nesterov: true })],
  ] as const)('of %s %s gives what its kernels give one by one', async (name, _rule, recipe) => {
    const [graph, eager] = [
      await stateAfter(runAsGraphs, name, recipe),
      await stateAfter(runEagerly, name, recipe),
    ];
    expect([...graph.values.keys()]).toEqual([...eager.values.keys()]);
    for (const [entry, expected] of eager.values)
      expect(relativeError(graph.values.get(entry)!, expected), entry).toBeLessThan(1e-3);
    const mask = graph.values.get(stateNames.mask)!;
    const parameters = graph.values.get(stateNames.parameters)!;
    expect(parameters.every((value, index) => mask[index] === 1 || Object.is(value, 0))).toBe(true);
    expect([graph.leaked, eager.leaked]).toEqual([0, 0]);
  });
});
