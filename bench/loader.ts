import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startContestant, type Contestant } from './measure/contestant.ts';
import { makePhotographs } from './measure/make-photographs.ts';
import { median } from './measure/statistics.ts';
import { torchPython } from './peers/torch-python.ts';

/**
 * Images per second that are decoded, randomly cropped to 224 pixels, flipped and normalised into batches, ours beside
 * torchvision's `ImageFolder` in PyTorch's `DataLoader` with as many workers. Both stay up and take turns.
 * Use: npm run bench:loader [-- --images DIR --batch 64 --workers 2 --rounds 7 --seconds 4]
 * DIR holds class folders; without it, photograph-like JPEGs of 500 x 375 pixels are made among the temporary files.
 */
const { values: options } = parseArgs({
  options: {
    images: { type: 'string' },
    batch: { type: 'string', default: '64' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '4' },
  },
});
const { batch, workers, rounds, seconds } = options;
const images = options.images ?? (await madeImages());
using ours = await startContestant<Turn>(process.execPath, [
  '--import',
  'tsx',
  here('loader-speed.ts'),
  images,
  batch,
  workers,
]);
using theirs = await startContestant<Turn>(torchPython(), [
  here('peers/torch_loader.py'),
  images,
  batch,
  workers,
]);
console.log(`${images}, batch ${batch}, ${workers} workers; ${cpus().length} cores, ${load()}`);
console.log(`ours: ${ours.what}; theirs: ${theirs.what}`);
await compare();
await sayWhere();

/** Figures by name: of the work done, or of its steps. */
type Turn = Readonly<Record<string, number>>;

interface Speed {
  /** Images per second. */
  readonly rate: number;
  /** Processor time an image, of all threads and processes. */
  readonly cpuMs: number;
}

async function compare(): Promise<void> {
  const pairs: { readonly ours: Speed; readonly theirs: Speed }[] = [];
  for (let round = 1; round <= Number(rounds); round += 1) {
    // Whoever begins changes, so that a load that grows falls on both.
    const first = round % 2 === 0 ? await speed(ours) : undefined;
    const peer = await speed(theirs);
    const pair = { ours: first ?? (await speed(ours)), theirs: peer };
    pairs.push(pair);
    console.log(`pair ${round}  ${row(pair)}  ${load()}`);
  }
  const middle = (side: 'ours' | 'theirs', figure: keyof Speed): number =>
    median(pairs.map((pair) => pair[side][figure]));
  const speedOf = (side: 'ours' | 'theirs'): Speed => ({
    rate: middle(side, 'rate'),
    cpuMs: middle(side, 'cpuMs'),
  });
  console.log(`median  ${row({ ours: speedOf('ours'), theirs: speedOf('theirs') })}`);
  const ratios = pairs.map((pair) => pair.ours.rate / pair.theirs.rate);
  const byCpu = pairs.map((pair) => pair.theirs.cpuMs / pair.ours.cpuMs);
  console.log(`ratio of pairs: ${range(ratios)}; by processor time: ${range(byCpu)}`);
}

/** What one thread does with an image, step by step. */
async function sayWhere(): Promise<void> {
  for (const side of [ours, theirs]) {
    const steps = await side.ask('steps 0');
    const parts = Object.entries(steps).map(([name, ms]) => `${name} ${ms.toFixed(2)}`);
    console.log(`${side === ours ? 'ours' : 'theirs'}, ms of processor time an image: ${parts.join(', ')}`);
  }
}

async function speed(side: Contestant<Turn>): Promise<Speed> {
  const turn = await side.ask(`load ${seconds}`);
  return { rate: turn['images']! / turn['seconds']!, cpuMs: (1000 * turn['cpuSeconds']!) / turn['images']! };
}

function row({ ours: one, theirs: other }: { readonly ours: Speed; readonly theirs: Speed }): string {
  const text = ({ rate, cpuMs }: Speed): string =>
    `${rate.toFixed(0).padStart(5)} images/s (${cpuMs.toFixed(2)} ms)`;
  return `ours ${text(one)}  theirs ${text(other)}  ratio ${(one.rate / other.rate).toFixed(2)}, processor time ${(other.cpuMs / one.cpuMs).toFixed(2)}`;
}

function range(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)}, ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
}

function load(): string {
  return `load ${loadavg()[0]!.toFixed(1)}`;
}

async function madeImages(): Promise<string> {
  const folder = join(tmpdir(), 'sweetspot-bench-photographs');
  if (existsSync(join(folder, 'ready'))) return join(folder, 'images');
  console.log(`making photographs in ${folder}`);
  await mkdir(folder, { recursive: true });
  await makePhotographs(join(folder, 'images'), { count: 256, width: 500, height: 375 });
  await writeFile(join(folder, 'ready'), '');
  return join(folder, 'images');
}

function here(path: string): string {
  return join(import.meta.dirname, path);
}
