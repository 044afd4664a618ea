import { createInterface } from 'node:readline';
import { compileForward } from '../vision/models/compile-forward.ts';
import { modelNamed } from '../vision/models/registry.ts';
import { randomFrom } from '../vision/random/random.ts';
import { startPrograms, startBackend, tf } from '../vision/tensors/index.ts';
import { partsOf } from '../vision/training/parts-of-recipe.ts';
import { trainingPrograms } from '../vision/training/programs.ts';
import { completed } from '../vision/training/recipe-defaults.ts';
import { recipeNamed } from '../vision/training/recipes.ts';
import { startState } from '../vision/training/start-state.ts';
import { stateNames } from '../vision/training/state-names.ts';
import { takeBatch, type Training } from '../vision/training/take-batch.ts';
import { freshState } from '../vision/weights/fresh-state.ts';
import { stateToTensors } from '../vision/weights/state.ts';
import { kernelTimes } from './measure/kernel-times.ts';
import type { ModelTurn } from './measure/model-turn.ts';
import { workFor } from './measure/work-for.ts';

/**
 * Our side of `bench/models.ts`, with the same arguments, questions and answers as `peers/torch_model.py`: model, batch,
 * side, threads, phase; then for how many seconds to work, a line each; or `profile`, which times operations one by one.
 */
const [name = 'resnet18', images = '16', pixels = '224', threads = '2', phase = 'training'] =
  process.argv.slice(2);
const [batch, side] = [Number(images), Number(pixels)];
const model = modelNamed(name);
if (model === undefined) throw new Error(`there is no model '${name}'`);
const backend = await startBackend({ backend: 'tensorflow', threads: Number(threads) });
const random = randomFrom(0);
const values = Float32Array.from({ length: batch * side * side * 3 }, () => random.normal());
const classes = Int32Array.from({ length: batch }, () => Math.floor(random.uniform() * 10));
// The data sets that the families are made for: ImageNet, CIFAR-10.
const network = model.build({ classes: model.recipe.startsWith('imagenet-') ? 1000 : 10 });
const initial = freshState({ entries: network.entries, initialisation: model.initialisation, seed: 0 });
const prepare = phase === 'training' ? training : evaluation;

console.log(
  JSON.stringify({ what: `sweetspot on TensorFlow ${backend.version}, ${backend.gpu ? 'GPU' : 'CPU'}` }),
);
let work: Work | undefined;
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(line === 'profile' ? profile() : await measure(Number(line))));

/** Starts a step; what it gives is read. */
type Work = () => Promise<unknown>;

/** As a training task does it: the batch comes as plain arrays. */
function training(runs: number): Work {
  // A step on one batch. Mixing images is part of feeding.
  const wanted = { ...completed(recipeNamed(model!.recipe)!), accumulate: 1, ema: null };
  const recipe = { ...wanted, mixup: 0, cutmix: 0 };
  const parts = partsOf(network, recipe);
  const state = startState(parts, { initial, masks: undefined, recipe });
  const trainee: Training = {
    programs: startPrograms(trainingPrograms(parts), state, { steps: runs }),
    parts,
    recipe,
    side,
  };
  const indices = Int32Array.from({ length: batch }, (_, index) => index);
  let step = 0;
  return () => {
    takeBatch(
      trainee,
      { images: values, labels: classes, indices },
      {
        seed: 0,
        epoch: 0,
        batch: step,
        step,
        firstEpoch: 0,
        learningRate: 1e-4,
        totalSteps: step,
        imagesOfStep: batch,
        endsStep: true,
      },
    );
    step += 1;
    return trainee.programs.read([stateNames.meters]);
  };
}

/** Fresh weights, in evaluation, as an evaluating task does it. */
function evaluation(runs: number): Work {
  const weights = stateToTensors(initial, network.entries);
  const shape: [number, number, number, number] = [batch, side, side, 3];
  const forward = compileForward(network, { state: weights, shape, runs });
  return async () => {
    const logits = tf.tidy(() => forward.run(tf.tensor4d(values, shape)));
    await logits.data();
    logits.dispose();
  };
}

async function measure(seconds: number): Promise<ModelTurn> {
  work ??= prepare(Infinity);
  return workFor(seconds, work, batch);
}

/** By kernel, of steps that run operation by operation. */
function profile(): Pick<ModelTurn, 'kernels'> {
  const step = prepare(1);
  void step();
  return { kernels: kernelTimes(3, () => void step()) };
}
