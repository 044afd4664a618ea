import { createInterface } from 'node:readline';
import { initialValues } from '../vision/models/initialise.ts';
import type { Network } from '../vision/models/network.ts';
import { modelNamed } from '../vision/models/registry.ts';
import { randomFrom } from '../vision/random/random.ts';
import { startBackend, tf } from '../vision/tensors/index.ts';
import { flatParameters } from '../vision/training/flat-parameters.ts';
import { startState } from '../vision/training/state-dicts.ts';
import { disposeTrainingState, trainingStep, type StepProgram } from '../vision/training/step.ts';
import { float32Tensor, int64Scalar } from '../vision/weights/raw-tensor.ts';
import type { StateDict } from '../vision/weights/state-dict.ts';

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
const network = model.build({ classes: model.recipe === 'imagenet-resnet' ? 1000 : 10 });
const initial = freshState(network, model.initialisation);
const program: StepProgram = {
  network,
  flat: flatParameters(network.entries),
  mask: undefined,
  labelSmoothing: 0,
};
let state = startState(initial, network, program.flat);
const scalars = { learningRate: 0.01, momentum: 0.9, nesterov: false, weightDecay: 1e-4 };

console.log(JSON.stringify({ what: `sweetspot on TensorFlow ${backend.version}` }));
for await (const line of createInterface({ input: process.stdin })) {
  const [phase, seconds] = line.split(' ');
  console.log(JSON.stringify(await (phase === 'training' ? training : evaluation)(Number(seconds))));
}

/** As a training task does it: the batch comes as plain arrays. */
async function training(seconds: number): Promise<Speed> {
  return timed(seconds, () => {
    const images = tf.tensor4d(pixels, [batch, side, side, 3]);
    const labels = tf.tensor1d(classes, 'int32');
    const next = trainingStep(program, { state, batch: { images, labels }, scalars });
    tf.dispose([images, labels]);
    disposeTrainingState(state, next);
    state = next;
    return state.meters.data();
  });
}

/** The weights as they stand, in evaluation. */
async function evaluation(seconds: number): Promise<Speed> {
  const weights = new Map([...state.buffers, ...program.flat.unpack(state.parameters)]);
  const speed = await timed(seconds, async () => {
    const logits = tf.tidy(() =>
      network.forward({ state: weights, input: tf.tensor4d(pixels, [batch, side, side, 3]) }),
    );
    await logits.data();
    logits.dispose();
  });
  tf.dispose([...weights.values()].filter((tensor) => ![...state.buffers.values()].includes(tensor)));
  return speed;
}

interface Speed {
  readonly steps: number;
  readonly seconds: number;
}

async function timed(seconds: number, step: () => Promise<unknown>): Promise<Speed> {
  await step();
  const started = performance.now();
  const passed = (): number => (performance.now() - started) / 1000;
  let steps = 0;
  while (passed() < seconds) {
    await step();
    steps += 1;
  }
  return { steps, seconds: passed() };
}

function freshState(
  { entries }: Network,
  initialisation: Parameters<typeof initialValues>[0]['initialisation'],
): StateDict {
  const values = initialValues({ entries, initialisation, seed: 0 });
  return new Map(
    entries.map(({ name: entry, shape, role }) => [
      entry,
      role === 'counter' ? int64Scalar(0) : float32Tensor(shape, values.get(entry)!),
    ]),
  );
}
