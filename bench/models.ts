import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { workerEnvironment } from '../engine/run/worker-environment.ts';
import { startContestant, type Contestant } from './measure/contestant.ts';
import { describeLoad } from './measure/machine.ts';
import type { ModelTurn } from './measure/model-turn.ts';
import { pairsOfTurns, tableOfPairs, type Compared } from './measure/pairs-of-turns.ts';
import { table } from './measure/table.ts';
import { torchPython } from './peers/torch-python.ts';

/**
 * Images per second of models in training and evaluation, ours beside PyTorch's (channels-last where there are maps). Both
 * processes stay up and take turns, so that other work on the machine falls on both; each pair of turns gives one ratio.
 * Use: npm run bench:models [-- --models resnet18,vit_b_32 --phases training --threads 2 --turns 5 --seconds 4]
 *      npm run bench:models -- --device cuda --batch 64         both on the GPU
 *      npm run bench:models -- --models swin_v2_t --profile     where our time goes, by kernel
 */
const { values: options } = parseArgs({
  options: {
    models: { type: 'string', default: 'resnet18,resnet50,resnet20,vit_b_32,swin_v2_t' },
    phases: { type: 'string', default: 'training,evaluation' },
    batch: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: '2' },
    turns: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    profile: { type: 'boolean', default: false },
  },
});

/** Images of a batch and pixels of a side, by model. */
const sizes: Readonly<Record<string, readonly [number, number]>> = {
  resnet18: [16, 224],
  resnet34: [16, 224],
  resnet50: [8, 224],
  resnet20: [64, 32],
  resnet56: [64, 32],
  vit_b_32: [16, 224],
  vit_b_16: [8, 224],
  swin_v2_t: [8, 256],
};

const goals: Readonly<Record<string, number>> = { training: 0.9, evaluation: 1.1 };

console.log(
  `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${options.threads} threads, ${describeLoad()}`,
);
const results: Compared[] = [];
for (const model of options.models.split(','))
  for (const phase of options.phases.split(',')) {
    if (options.profile) await profile(model, phase);
    else results.push(await compare(model, phase));
  }
if (results.length > 0) console.log(`\n${tableOfPairs(results, 'PyTorch')}`);

function argumentsFor(model: string, phase: string): string[] {
  const size = sizes[model];
  if (size === undefined)
    throw new Error(`no sizes for '${model}'; there are some for ${Object.keys(sizes).join(', ')}`);
  return [model, options.batch ?? String(size[0]), String(size[1]), options.threads, phase];
}

async function ourSide(model: string, phase: string): Promise<Contestant<ModelTurn>> {
  const file = `${import.meta.dirname}/model-speed.ts`;
  const args = ['--import', 'tsx', file, ...argumentsFor(model, phase)];
  return startContestant(process.execPath, args, ourEnvironment());
}

/** As a worker of a slot on the device has it. */
function ourEnvironment(): NodeJS.ProcessEnv {
  const device: 'cpu' | 'gpu' = options.device === 'cuda' ? 'gpu' : 'cpu';
  const mask = device === 'gpu' ? (process.env['CUDA_VISIBLE_DEVICES'] ?? '0') : undefined;
  const threads = Number(options.threads);
  const slot = {
    name: `${device}:0`,
    device,
    deviceId: device,
    share: 1,
    mask,
    deviceClass: device,
    threads,
  };
  return workerEnvironment(process.env, [slot]);
}

async function compare(model: string, phase: string): Promise<Compared> {
  using ours = await ourSide(model, phase);
  const script = `${import.meta.dirname}/peers/torch_model.py`;
  using theirs = await startContestant<ModelTurn>(torchPython(), [
    script,
    ...argumentsFor(model, phase),
    options.device,
  ]);
  const what = `${model}, ${phase}`;
  const turns = { turns: Number(options.turns), seconds: options.seconds };
  return { what, pairs: await pairsOfTurns({ what, ours, theirs, ...turns }), goal: goals[phase] ?? 1 };
}

async function profile(model: string, phase: string): Promise<void> {
  using ours = await ourSide(model, phase);
  const { kernels } = await ours.ask('profile');
  const all = Object.entries(kernels!).sort(([, a], [, b]) => b.ms - a.ms);
  const total = all.reduce((sum, [, { ms }]) => sum + ms, 0);
  console.log(`\n${model}, ${phase}: ${total.toFixed(0)} ms in the kernels of a step, one after the other`);
  const rows = all
    .slice(0, 40)
    .map(([name, { ms, calls }]) => [
      name,
      calls.toFixed(0),
      ms.toFixed(1),
      `${((100 * ms) / total).toFixed(1)} %`,
    ]);
  console.log(table(['kernel and its largest input', 'calls', 'ms', 'share'], rows));
}
