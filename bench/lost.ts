import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { degreesOnBackend } from '../vision/discovery/degrees.ts';
import { localiseObject } from '../vision/discovery/lost.ts';
import { mapFeatures } from '../vision/discovery/lost-features.ts';
import { modelNamed } from '../vision/models/registry.ts';
import { randomFrom } from '../vision/random/random.ts';
import { startBackend } from '../vision/tensors/index.ts';
import { freshState } from '../vision/weights/fresh-state.ts';
import { stateToTensors } from '../vision/weights/state.ts';
import { median } from './measure/statistics.ts';
import { ratio, table } from './measure/table.ts';

/**
 * LOST on one thread, beside the authors' Python (`--reference DIR`: a clone of valeoai/LOST) or a transcription of the
 * paper, in turns: on features that are there already, and from pixels by a ResNet-18.
 * Use: SWEETSPOT_BENCH_PYTHON=/path/to/python npm run bench:lost [-- --turns 5 --reference /path/to/LOST]
 */
const { values: options } = parseArgs({
  options: { turns: { type: 'string', default: '5' }, reference: { type: 'string', default: '-' } },
});
const python = process.env['SWEETSPOT_BENCH_PYTHON'];
if (python === undefined) {
  console.error(
    'Name a Python with torch, torchvision and scipy: SWEETSPOT_BENCH_PYTHON=… npm run bench:lost',
  );
  process.exit(2);
}

interface Maps {
  readonly what: string;
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly size: number;
}

interface Turn {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly boxes: readonly (readonly number[])[];
}

const maps: readonly Maps[] = [
  { what: 'ResNet-18 maps of 384 x 512', images: 100, rows: 12, columns: 16, size: 512 },
  { what: 'ViT-S/16 keys of 384 x 512', images: 30, rows: 24, columns: 32, size: 384 },
  { what: 'ViT-S/8 keys of 376 x 504', images: 6, rows: 47, columns: 63, size: 384 },
];
const pixels: Maps = { what: 'from pixels, ResNet-18', images: 10, rows: 12, columns: 16, size: 512 };

await startBackend({ backend: 'tensorflow', threads: 1 });
const peer = options.reference === '-' ? 'the paper, transcribed' : "the authors' code";
console.log(`${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}; one thread each; beside ${peer}`);
const folder = mkdtempSync(join(tmpdir(), 'sweetspot-bench-lost-'));
const rows: string[][] = [];
try {
  for (const one of maps) rows.push(await compareOnMaps(one));
  rows.push(await comparePixels());
} finally {
  rmSync(folder, { recursive: true });
}
const head = [
  '',
  'images',
  'ours, CPU ms an image',
  peer,
  'times as fast, CPU',
  'by the clock',
  'same boxes',
];
console.log(table(head, rows));

async function compareOnMaps(one: Maps): Promise<string[]> {
  const values = objectsOnGround(one);
  const file = join(folder, 'features.f32');
  writeFileSync(file, values);
  return compare(one, file, () => onFeatures(values, one));
}

async function comparePixels(): Promise<string[]> {
  const model = modelNamed('resnet18')!;
  const network = model.build({ classes: 1000 });
  const { initialisation, lost } = model;
  const state = stateToTensors(
    freshState({ entries: network.entries, initialisation, seed: 0 }),
    network.entries,
  );
  const random = randomFrom(0);
  const [height, width] = [pixels.rows * lost.patch, pixels.columns * lost.patch];
  const data = Float32Array.from({ length: height * width * 3 }, () => random.normal());
  const batch = Array.from({ length: 5 }, () => ({ height, width, data }));
  return compare(pixels, 'resnet18', async () => {
    const boxes: number[][] = [];
    while (boxes.length < pixels.images) {
      for (const found of await mapFeatures(batch, { network, state, ...lost }))
        boxes.push(boxOf(localiseObject(found)));
    }
    return boxes;
  });
}

async function compare(one: Maps, source: string, ours: () => Promise<number[][]>): Promise<string[]> {
  // Loops that have run for a while are compiled: a data set has thousands of images.
  await ours();
  const turns: { readonly ours: Turn; readonly theirs: Turn }[] = [];
  for (let turn = 0; turn < Number(options.turns); turn += 1)
    turns.push({ ours: await timed(ours), theirs: theirTurn(one, source) });
  const middle = (of: (turn: (typeof turns)[number]) => number): number => median(turns.map(of));
  const [{ ours: mine, theirs }] = turns as [(typeof turns)[number]];
  const same = mine.boxes.filter((box, image) => box.join() === theirs.boxes[image]!.join()).length;
  return [
    one.what,
    String(one.images),
    (middle((turn) => turn.ours.cpuMs) / one.images).toFixed(2),
    (middle((turn) => turn.theirs.cpuMs) / one.images).toFixed(2),
    ratio(middle((turn) => turn.theirs.cpuMs / turn.ours.cpuMs)),
    ratio(middle((turn) => turn.theirs.wallMs / turn.ours.wallMs)),
    source === 'resnet18' ? 'other weights' : `${same} of ${one.images}`,
  ];
}

async function timed(work: () => Promise<number[][]>): Promise<Turn> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const boxes = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - start, boxes };
}

/** Some images' degrees at once, as they come from a network. */
async function onFeatures(values: Float32Array, { images, rows, columns, size }: Maps): Promise<number[][]> {
  const count = rows * columns;
  const boxes: number[][] = [];
  for (let from = 0; from < images; from += 5) {
    const maps = Array.from({ length: Math.min(5, images - from) }, (_, image) => ({
      count,
      size,
      data: values.subarray((from + image) * count * size, (from + image + 1) * count * size),
    }));
    const degrees = await degreesOnBackend(maps);
    maps.forEach((features, image) =>
      boxes.push(boxOf(localiseObject({ features, rows, columns, degrees: degrees[image]! }))),
    );
  }
  return boxes;
}

function boxOf(result: ReturnType<typeof localiseObject>): number[] {
  if (result.kind !== 'found') throw new Error(result.kind);
  const { left, top, right, bottom } = result.box;
  return [left, top, right, bottom];
}

function theirTurn({ images, rows, columns, size }: Maps, source: string): Turn {
  const script = join(import.meta.dirname, 'peers/lost_reference.py');
  const given = [source, images, rows, columns, size, options.reference].map(String);
  const { status, stdout } = spawnSync(python!, [script, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`lost_reference.py ended with ${String(status)}`);
  return JSON.parse(stdout) as Turn;
}

/** Features of a ground, an object that is its opposite in some directions, and noise: degrees as real maps have them. */
function objectsOnGround({ images, rows, columns, size }: Maps): Float32Array {
  const random = randomFrom(rows, columns, size);
  const values = new Float32Array(images * rows * columns * size);
  const direction = (): Float64Array => Float64Array.from({ length: size }, () => random.normal());
  for (let image = 0; image < images; image += 1) {
    const [ground, object] = [direction(), direction()];
    const [top, left] = [random.integer(rows - 4), random.integer(columns - 4)];
    const [bottom, right] = [
      top + 3 + random.integer(rows - top - 3),
      left + 3 + random.integer(columns - left - 3),
    ];
    for (let patch = 0; patch < rows * columns; patch += 1) {
      const [row, column] = [Math.floor(patch / columns), patch % columns];
      const isObject = row >= top && row < bottom && column >= left && column < right;
      const at = (image * rows * columns + patch) * size;
      for (let k = 0; k < size; k += 1)
        values[at + k] = (isObject ? object[k]! - 0.3 * ground[k]! : ground[k]!) + 3 * random.normal();
    }
  }
  return values;
}
