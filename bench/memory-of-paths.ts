import { sourcesOf } from '../tasks/attribute/sources.ts';
import { integratedGradients } from '../vision/attribution/methods/integrated-gradients.ts';
import { networkGradients } from '../vision/attribution/network-gradients.ts';
import { modelNamed } from '../vision/models/registry.ts';
import { randomFrom } from '../vision/random/random.ts';
import { startBackend } from '../vision/tensors/index.ts';
import { freshState } from '../vision/weights/fresh-state.ts';
import { stateToTensors } from '../vision/weights/state.ts';

/**
 * The most memory that integrated gradients of 50 steps take above what the process holds with its model loaded: one line of JSON.
 * Use: npx tsx bench/memory-of-paths.ts MODEL GIB [IMAGES [CALLS]]     16 calls and more are prepared as graphs
 */
const [name = 'resnet50', gib = '2', images = '1', calls = '1'] = process.argv.slice(2);
const model = modelNamed(name);
if (model === undefined) throw new Error(`there is no model '${name}'`);
await startBackend({ backend: 'tensorflow', threads: 2 });
const built = model.build({ classes: model.recipe.startsWith('imagenet-') ? 1000 : 10 });
const state = ((): ReturnType<typeof stateToTensors> => {
  const fresh = freshState({ entries: built.entries, initialisation: model.initialisation, seed: 0 });
  return stateToTensors(fresh, built.entries);
})();
const side = model.preprocessing.crop;
const random = randomFrom(0);
const count = Number(images);
const data = Float32Array.from({ length: count * side * side * 3 }, () => random.normal());
using network = networkGradients({
  ...{ network: built, state, ...sourcesOf(model) },
  ...{ memoryBytes: Number(gib) * 2 ** 30, calls: Number(calls) },
});
global.gc?.();
const before = process.memoryUsage.rss();
const atStart = process.resourceUsage().maxRSS * 1024;
const started = performance.now();
await integratedGradients.explain({
  network,
  images: { count, height: side, width: side, data },
  targets: 'predicted',
  options: { steps: 50, rule: 'gausslegendre', baseline: 0, baseline_kind: 'constant', variant: 'published' },
  keys: Int32Array.from({ length: count }, (_, index) => index),
});
const peak = process.resourceUsage().maxRSS * 1024;
const inGiB = (bytes: number): string => (bytes / 2 ** 30).toFixed(2);
console.log(
  JSON.stringify({
    ...{ model: name, budget: gib, images, calls },
    ...{ before: inGiB(before), atStart: inGiB(atStart), peak: inGiB(peak), above: inGiB(peak - before) },
    seconds: ((performance.now() - started) / 1000).toFixed(0),
  }),
);
