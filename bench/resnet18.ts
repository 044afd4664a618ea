import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { median } from './measure/statistics.ts';

/**
 * Images per second of a ResNet in training and evaluation, ours beside PyTorch's (channels-last). Both processes stay
 * up and take turns, so that other work on the machine falls on both; each pair of turns gives one ratio.
 * Use: npm run bench:resnet18 [-- --model resnet20 --batch 64 --side 32 --threads 2 --rounds 5 --seconds 4]
 * PyTorch is taken from the Python in $SWEETSPOT_BENCH_PYTHON; without it, it is installed into a folder of its own
 * among the temporary files, which takes gigabytes.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'resnet18' },
    batch: { type: 'string', default: '16' },
    side: { type: 'string', default: '224' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
  },
});
const { model, batch, side, threads, rounds, seconds } = options;
const common = [model, batch, side, threads];

const ours = await start(process.execPath, ['--import', 'tsx', here('network-speed.ts'), ...common]);
const theirs = await start(python(), [here('peers/torch_resnet.py'), ...common]);
console.log(
  `${model}, batch ${batch}, ${side} x ${side}, ${threads} threads; ${cpus().length} cores, ${load()}`,
);
console.log(`ours: ${ours.what}; theirs: ${theirs.what}, channels-last`);
try {
  for (const phase of ['training', 'evaluation']) await compare(phase);
} finally {
  ours.process.kill();
  theirs.process.kill();
}

async function compare(phase: string): Promise<void> {
  const pairs: { ours: number; theirs: number; ratio: number }[] = [];
  await takeTurn(ours, phase, 0);
  await takeTurn(theirs, phase, 0);
  for (let round = 1; round <= Number(rounds); round += 1) {
    const pair = {
      ours: await takeTurn(ours, phase, Number(seconds)),
      theirs: await takeTurn(theirs, phase, Number(seconds)),
    };
    const ratio = pair.ours / pair.theirs;
    pairs.push({ ...pair, ratio });
    console.log(`${phase.padEnd(10)}  pair ${round}  ${row({ ...pair, ratio })}   ${load()}`);
  }
  const middle = (key: 'ours' | 'theirs' | 'ratio'): number => median(pairs.map((pair) => pair[key]));
  const summary = { ours: middle('ours'), theirs: middle('theirs'), ratio: middle('ratio') };
  console.log(`${phase.padEnd(10)}  median  ${row(summary)}`);
}

function row(pair: { ours: number; theirs: number; ratio: number }): string {
  const rate = (value: number): string => value.toFixed(1).padStart(7);
  return `ours ${rate(pair.ours)}  theirs ${rate(pair.theirs)} images/s  ratio ${pair.ratio.toFixed(2)}`;
}

function load(): string {
  return `load ${loadavg()[0]!.toFixed(1)}`;
}

interface Side {
  readonly process: ChildProcess;
  readonly what: string;
  readonly answer: () => Promise<Record<string, unknown>>;
}

async function start(program: string, args: readonly string[]): Promise<Side> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`${program} ended before its answer`);
    return JSON.parse(line.value) as Record<string, unknown>;
  };
  return { process: child, what: String((await answer())['what']), answer };
}

/** Images per second. */
async function takeTurn(side: Side, phase: string, forSeconds: number): Promise<number> {
  side.process.stdin!.write(`${phase} ${forSeconds}\n`);
  const speed = await side.answer();
  return (Number(speed['steps']) * Number(batch)) / Number(speed['seconds']);
}

function python(): string {
  const given = process.env['SWEETSPOT_BENCH_PYTHON'];
  if (given !== undefined) return given;
  const folder = join(tmpdir(), 'sweetspot-bench-torch');
  const made = join(folder, 'bin/python');
  if (existsSync(join(folder, 'ready'))) return made;
  console.log(`installing PyTorch into ${folder}`);
  must('python3', ['-m', 'venv', folder]);
  must(made, ['-m', 'pip', 'install', '--quiet', 'torch', 'torchvision']);
  must('touch', [join(folder, 'ready')]);
  return made;
}

function must(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(status)}`);
}

function here(path: string): string {
  return join(import.meta.dirname, path);
}
