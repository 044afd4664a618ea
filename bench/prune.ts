import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describedModel } from '../vision/models/catalogue.ts';
import { globalMagnitude } from '../vision/pruning/global-magnitude.ts';
import { fullMasks, prunableEntries, type Masks } from '../vision/pruning/masks.ts';
import { freshState } from '../vision/weights/fresh-state.ts';
import { toFloat32 } from '../vision/weights/raw-tensor.ts';
import { median } from './measure/statistics.ts';
import { ratio, seconds, table } from './measure/table.ts';

/**
 * Three rounds of global magnitude pruning, a fifth of what is left each: ours beside torch.nn.utils.prune's
 * global_unstructured, in turns. Each has fresh weights of its own and one thread.
 * Use: SWEETSPOT_BENCH_PYTHON=/path/to/python npm run bench:prune [-- --turns 5 resnet50 vit_b_32]
 */
const { values: options, positionals } = parseArgs({
  options: { turns: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const given = process.env['SWEETSPOT_BENCH_PYTHON'];
if (given === undefined) {
  console.error('Name a Python with torch and torchvision: SWEETSPOT_BENCH_PYTHON=… npm run bench:prune');
  process.exit(2);
}
const python: string = given;
const models = positionals.length === 0 ? ['resnet50', 'vit_b_32'] : positionals;
console.log(`${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`);
const rows = models.map((model) => {
  const weights = weightsOf(model);
  const turns = Array.from({ length: Number(options.turns) }, () => ({
    ours: pruneThrice(weights),
    theirs: theirTurn(model),
  }));
  const middle = (of: (turn: (typeof turns)[number]) => number): number => median(turns.map(of));
  const size = [...weights.values()].reduce((sum, { length }) => sum + length, 0);
  return [
    `${model}, ${(size / 1e6).toFixed(1)} million weights`,
    seconds(middle(({ ours }) => ours.cpuMs)),
    seconds(middle(({ theirs }) => theirs.cpuMs)),
    ratio(middle(({ ours, theirs }) => theirs.cpuMs / ours.cpuMs)),
    ratio(middle(({ ours, theirs }) => theirs.wallMs / ours.wallMs)),
  ];
});
console.log(table(['model', 'ours, CPU s', 'PyTorch, CPU s', 'times as fast, CPU', 'by the clock'], rows));

interface Turn {
  readonly cpuMs: number;
  readonly wallMs: number;
}

function weightsOf(model: string): ReadonlyMap<string, Float32Array> {
  const { layout, initialisation } = describedModel(model)!;
  const entries = layout({ classes: 1000 });
  const state = freshState({ entries, initialisation, seed: 0 });
  return new Map(prunableEntries(entries).map(({ name }) => [name, toFloat32(state.get(name)!)]));
}

function pruneThrice(weights: ReadonlyMap<string, Float32Array>): Turn {
  const entries = [...weights].map(([name, { length }]) => ({ name, shape: [length] }));
  let masks: Masks = fullMasks(entries.map((entry) => ({ ...entry, role: 'linear', prunable: true })));
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let round = 0; round < 3; round += 1)
    masks = globalMagnitude.prune({ weights, masks, amount: { kind: 'fraction', fraction: 0.2 }, seed: 0 });
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - start };
}

function theirTurn(model: string): Turn {
  const { status, stdout } = spawnSync(python, [join(import.meta.dirname, 'peers/torch_prune.py'), model], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`torch_prune.py ended with ${String(status)}`);
  return JSON.parse(stdout) as Turn;
}
