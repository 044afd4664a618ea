import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { startContestant } from './measure/contestant.ts';
import { describeLoad } from './measure/machine.ts';
import type { ModelTurn } from './measure/model-turn.ts';
import { pairsOfTurns, tableOfPairs, type Compared } from './measure/pairs-of-turns.ts';
import { torchPython } from './peers/torch-python.ts';

/**
 * Images explained per second, ours beside captum's on PyTorch: integrated gradients of 50 steps, and Guided GradCAM. Both have
 * the same images, threads and number of points in a pass, stay up and take turns; each pair of turns gives one ratio.
 * Use: npm run bench:attribution [-- --cases resnet18/guided-grad-cam,vit_b_32/integrated-gradients --threads 2 --turns 5 --seconds 4]
 */
const { values: options } = parseArgs({
  options: {
    cases: {
      type: 'string',
      default:
        'resnet20/integrated-gradients,resnet20/guided-grad-cam,resnet18/integrated-gradients,resnet18/guided-grad-cam,vit_b_32/integrated-gradients',
    },
    threads: { type: 'string', default: '2' },
    turns: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
  },
});

/** Pixels of a side; images of a round and points (images, for Guided GradCAM) of a pass, by method. */
const sizes: Readonly<Record<string, { readonly side: number; readonly [method: string]: Size | number }>> = {
  resnet20: { side: 32, 'integrated-gradients': [8, 200], 'guided-grad-cam': [64, 64] },
  resnet18: { side: 224, 'integrated-gradients': [1, 25], 'guided-grad-cam': [16, 16] },
  resnet50: { side: 224, 'integrated-gradients': [1, 10], 'guided-grad-cam': [8, 8] },
  vit_b_32: { side: 224, 'integrated-gradients': [1, 25] },
};
type Size = readonly [images: number, together: number];

console.log(
  `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${options.threads} threads, ${describeLoad()}`,
);
const results: Compared[] = [];
for (const name of options.cases.split(',')) results.push(await compare(name));
console.log(`\n${tableOfPairs(results, 'captum')}`);

async function compare(name: string): Promise<Compared> {
  const [model = '', method = ''] = name.split('/');
  const size = sizes[model]?.[method];
  if (typeof size !== 'object') throw new Error(`no sizes for '${name}'`);
  const [images, together] = size;
  const args = [model, images, sizes[model]!.side, options.threads, method, together].map(String);
  const file = `${import.meta.dirname}/attribution-speed.ts`;
  using ours = await startContestant<ModelTurn>(process.execPath, ['--import', 'tsx', file, ...args]);
  const script = `${import.meta.dirname}/peers/captum_model.py`;
  using theirs = await startContestant<ModelTurn>(torchPython(), [script, ...args]);
  const what = `${model}, ${method}`;
  const turns = { turns: Number(options.turns), seconds: options.seconds };
  return { what, pairs: await pairsOfTurns({ what, ours, theirs, ...turns }), goal: 1 };
}
