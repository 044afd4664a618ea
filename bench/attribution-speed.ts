import { createInterface } from 'node:readline';
import { sourcesOf } from '../tasks/attribute/sources.ts';
import { attributionMethodNamed } from '../vision/attribution/methods.ts';
import { networkGradients } from '../vision/attribution/network-gradients.ts';
import { modelNamed } from '../vision/models/registry.ts';
import { randomFrom } from '../vision/random/random.ts';
import { startBackend } from '../vision/tensors/index.ts';
import { freshState } from '../vision/weights/fresh-state.ts';
import { stateToTensors } from '../vision/weights/state.ts';
import { workFor } from './measure/work-for.ts';

/**
 * Our side of `bench/attribution.ts`, with the same arguments, questions and answers as `peers/captum_model.py`: model, images,
 * side, threads, method, points of a path in a pass; then for how many seconds to work, a line each. As an attributing task
 * does it: images come and maps go as plain arrays.
 */
const [
  name = 'resnet18',
  batch = '4',
  pixels = '224',
  threads = '2',
  method = 'guided-grad-cam',
  together = '16',
] = process.argv.slice(2);
const [count, side] = [Number(batch), Number(pixels)];
const model = modelNamed(name);
if (model === undefined) throw new Error(`there is no model '${name}'`);
const backend = await startBackend({ backend: 'tensorflow', threads: Number(threads) });
const random = randomFrom(0);
const data = Float32Array.from({ length: count * side * side * 3 }, () => random.normal());
const built = model.build({ classes: model.recipe.startsWith('imagenet-') ? 1000 : 10 });
const fresh = freshState({ entries: built.entries, initialisation: model.initialisation, seed: 0 });
const network = networkGradients({
  ...{ network: built, state: stateToTensors(fresh, built.entries), ...sourcesOf(model) },
  ...{ together: Number(together), calls: Infinity },
});
const options = {
  ...{ steps: 50, rule: 'gausslegendre', baseline: 0, baseline_kind: 'constant' },
  variant: 'published',
};

console.log(JSON.stringify({ what: `sweetspot on TensorFlow ${backend.version}` }));
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await workFor(Number(line), explain, count)));

async function explain(): Promise<unknown> {
  return attributionMethodNamed(method)!.explain({
    ...{ network, images: { count, height: side, width: side, data }, targets: 'predicted', options },
    keys: Int32Array.from({ length: count }, (_, index) => index),
  });
}
