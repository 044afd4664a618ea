import { cpSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ourDecisions, poolFiles, poolRun, preparePool } from './measure/pool-scratch.ts';
import { median } from './measure/statistics.ts';
import { timedRun, type Command, type Cost } from './measure/timed-run.ts';
import { torchPython } from './peers/torch-python.ts';

/**
 * A pool of pruned models on the 17 out-of-distribution sets: a whole `sweetspot run` of (members x 17) evaluations, from the
 * start of its process to stored scores, beside a program that does the same in the way of model-vs-human. They take turns;
 * ours with a store that has the models and no evaluation.
 * Use: npm run build && npm run bench:pool [-- --model resnet18 --members 10 --images 16 --turns 3 --threads 2 --workers 2 --batch 64 --layout channels-last]
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'resnet18' },
    members: { type: 'string', default: '10' },
    images: { type: 'string', default: '16' },
    turns: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    workers: { type: 'string', default: '2' },
    batch: { type: 'string', default: '64' },
    layout: { type: 'string', default: 'channels-first' },
    scratch: { type: 'string', default: join(tmpdir(), 'sweetspot-bench-pool') },
  },
});
const { model, members, images, turns, threads, workers, batch, layout } = options;
const limitMs = 60 * 60_000;
/** The set whose decisions are compared. */
const looked = 'colour';
const dir = join(options.scratch, `${model}-${members}-${images}`);
await preparePool({ dir, model, members: Number(members), images: Number(images) });
const all = 17 * Number(members) * Number(images);
console.log(`${model}, ${members} members x 17 sets x ${images} images = ${all}; ${cpus().length} cores`);
compare();

function compare(): void {
  const pairs: { readonly ours: Cost; readonly theirs: Cost }[] = [];
  for (let turn = 1; turn <= Number(turns); turn += 1) {
    // Whoever begins changes, so that a load that grows falls on both.
    const first = turn % 2 === 0 ? ours() : undefined;
    const peer = theirs();
    const pair = { ours: first ?? ours(), theirs: peer };
    pairs.push(pair);
    console.log(`pair ${turn}  ${row(pair)}  ${agreement()}  load ${loadavg()[0]!.toFixed(1)}`);
  }
  const ratios = (figure: 'wallMs' | 'cpuMs'): readonly number[] =>
    pairs.map((pair) => pair.theirs[figure] / pair.ours[figure]);
  console.log(`ratio of pairs: ${spread(ratios('wallMs'))}; by processor time: ${spread(ratios('cpuMs'))}`);
}

function ours(): Cost {
  for (const old of ['turn', 'out']) rmSync(join(dir, old), { recursive: true, force: true });
  cpSync(join(dir, poolFiles.store), join(dir, 'turn'), { recursive: true });
  return timed(poolRun(dir, 'turn', ['--only', 'human']));
}

function theirs(): Cost {
  const program = join(import.meta.dirname, 'peers/torch_pool.py');
  const { stimuli, weights, categories } = poolFiles;
  rmSync(join(dir, 'results'), { recursive: true, force: true });
  const args = [stimuli, weights, threads, workers, batch, categories, 'results', layout];
  return timed({ argv: [torchPython(), program, ...args], cwd: dir });
}

function timed(command: Command): Cost {
  const outcome = timedRun(command, limitMs);
  if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** Of how many images of a set the dense model is said to decide the same. */
function agreement(): string {
  const decisions = ourDecisions(dir, 'turn', looked);
  const file = join(dir, 'results', `${looked}_member0.csv`);
  const rows = readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1);
  const same = rows.filter((line) => {
    const fields = line.split(',');
    return decisions.get(fields.at(-1)!) === fields[2];
  });
  return `${same.length} of ${decisions.size} decisions the same`;
}

function row({ ours: one, theirs: other }: { readonly ours: Cost; readonly theirs: Cost }): string {
  const text = ({ wallMs, cpuMs }: Cost): string =>
    `${(wallMs / 1000).toFixed(1)} s (processor ${(cpuMs / 1000).toFixed(1)} s)`;
  const ratios = [other.wallMs / one.wallMs, other.cpuMs / one.cpuMs].map((ratio) => ratio.toFixed(2));
  return `ours ${text(one)}  theirs ${text(other)}  ratio ${ratios[0]!}, processor time ${ratios[1]!}`;
}

function spread(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)}, ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
}
