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
import { disposeState, stateToTensors } from '../vision/weights/state.ts';

/**
 * Our side of `bench/resnet18.ts`, with the same arguments, questions and answers as `peers/torch_resnet.py`:
 * model, batch, side, threads; then `PHASE SECONDS` a line, answered by `{ steps, seconds }`.
 */
const [name = 'resnet18', ...numbers] = process.argv.slice(2);
const [batch = 16, side = 224, threads = 2] = numbers.map(Number);
const model = modelNamed(name);
if (model === undefined) throw new Error(`there is no model '${name}'`);
const backend = await startBackend({ backend: 'tensorflow', threads });
const random = randomFrom(0);
const pixels = Float32Array.from({ length: batch * side * side * 3 }, () => random.normal());
const classes = Int32Array.from({ length: batch }, () => Math.floor(random.uniform() * 10));
// The data sets that the two families are made for: ImageNet, CIFAR-10.
const network = model.build({ classes: model.recipe.startsWith('imagenet-') ? 1000 : 10 });
const initial = freshState({ entries: network.entries, initialisation: model.initialisation, seed: 0 });
const recipe = { ...completed(recipeNamed(model.recipe)!), accumulate: 1 };
const parts = partsOf(network, recipe);
const state = startState(parts, { initial, masks: undefined, recipe });
const trainee: Training = {
  programs: startPrograms(trainingPrograms(parts), state, { steps: Infinity }),
  parts,
  recipe,
  side,
};

console.log(JSON.stringify({ what: `sweetspot on TensorFlow ${backend.version}` }));
for await (const line of createInterface({ input: process.stdin })) {
  const [phase, seconds] = line.split(' ');
  console.log(JSON.stringify(await (phase === 'training' ? training : evaluation)(Number(seconds))));
}

/** As a training task does it: the batch comes as plain arrays. */
async function training(seconds: number): Promise<Speed> {
  const indices = Int32Array.from({ length: batch }, (_, index) => index);
  return timed(seconds, (step) => {
    takeBatch(
      trainee,
      { images: pixels, labels: classes, indices },
      {
        seed: 0,
        epoch: 0,
        batch: step,
        step,
        firstEpoch: 0,
        learningRate: 0.01,
        totalSteps: step,
        imagesOfStep: batch,
        endsStep: true,
      },
    );
    return trainee.programs.read([stateNames.meters]);
  });
}

/** Fresh weights, in evaluation, as an evaluating task does it. */
async function evaluation(seconds: number): Promise<Speed> {
  const weights = stateToTensors(initial, network.entries);
  const shape: [number, number, number, number] = [batch, side, side, 3];
  const forward = compileForward(network, { state: weights, shape, runs: Infinity });
  const speed = await timed(seconds, async () => {
    const logits = tf.tidy(() => forward.run(tf.tensor4d(pixels, shape)));
    await logits.data();
    logits.dispose();
  });
  forward.dispose();
  disposeState(weights);
  return speed;
}

interface Speed {
  readonly steps: number;
  readonly seconds: number;
}

async function timed(seconds: number, step: (index: number) => Promise<unknown>): Promise<Speed> {
  await step(0);
  const started = performance.now();
  const passed = (): number => (performance.now() - started) / 1000;
  let steps = 0;
  while (passed() < seconds) {
    steps += 1;
    await step(steps);
  }
  return { steps, seconds: passed() };
}
