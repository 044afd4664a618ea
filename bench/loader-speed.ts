import { readFile } from 'node:fs/promises';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { augmentImage, randomResizedCrop } from '../vision/data/augment.ts';
import { decodeImage } from '../vision/data/decode.ts';
import { openImageFolder } from '../vision/data/image-folder.ts';
import type { ListedFile } from '../vision/data/image-source.ts';
import { epochOrder, loadBatches } from '../vision/data/loader.ts';
import { normalise } from '../vision/data/normalise.ts';
import { LoaderThreads } from '../vision/data/threads/loader-threads.ts';
import { randomFrom } from '../vision/random/random.ts';

/** Our side of `bench/loader.ts`. Arguments: folder of class folders, batch, threads. Answers each line `PHASE SECONDS`. */
const [root = '', batchText, threadsText] = process.argv.slice(2);
const batchSize = Number(batchText);
const threads = new LoaderThreads(Number(threadsText));
const preprocessing = {
  crop: 224,
  interpolation: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const;
const augment = { crop: randomResizedCrop, flip: true };
const files = new Map(listImages().map((file) => [file.path, file]));
const paths = [...files.keys()];
const set = openImageFolder({
  name: 'photographs',
  paths,
  classes: readdirSync(root),
  files: { read: (path) => readFile(join(root, path)), listed: (path) => files.get(path)! },
});
const batches = forEver();

console.log(JSON.stringify({ what: `sweetspot, Node ${process.version}` }));
for await (const line of createInterface({ input: process.stdin })) {
  const [phase, seconds] = line.split(' ');
  console.log(JSON.stringify(phase === 'steps' ? await timeSteps() : await load(Number(seconds))));
}

/** Images are read as often as it takes to fill 40 batches: an epoch's end is not what is measured. */
function listImages(): readonly ListedFile[] {
  return readdirSync(root).flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => {
      const place = join(root, folder, name);
      const { size, mtimeMs } = statSync(place);
      return { path: `${folder}/${name}`, place, size, mtimeMs };
    }),
  );
}

async function* forEver(): AsyncGenerator<number> {
  for (let epoch = 0; ; epoch += 1) {
    const passes = Math.ceil((40 * batchSize) / paths.length);
    const order = Array.from({ length: passes }, (_, pass) => [
      ...epochOrder({ images: paths.length, seed: pass, epoch }),
    ]).flat();
    const request = { set: { ...set, threads }, order, batchSize, preprocessing, augment, seed: 0, epoch };
    for await (const { labels } of loadBatches(request)) yield labels.length;
  }
}

async function load(seconds: number) {
  // What was made ready while nobody measured does not count.
  for (let ready = 0; ready < 4; ready += 1) await batches.next();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  let images = 0;
  while (performance.now() - started < 1000 * seconds) images += (await batches.next()).value as number;
  const { user, system } = process.cpuUsage(cpu);
  return { images, seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Processor time of the steps, one image after the other. */
async function timeSteps() {
  const spent = { decode: 0, crop: 0, normalise: 0 };
  const count = Math.min(paths.length, 128);
  const out = new Float32Array(224 * 224 * 3);
  for (const [index, path] of paths.slice(0, count).entries()) {
    const bytes = await readFile(join(root, path));
    const timed = async <T>(step: keyof typeof spent, run: () => T | Promise<T>): Promise<T> => {
      const before = process.cpuUsage();
      const result = await run();
      const { user, system } = process.cpuUsage(before);
      spent[step] += (user + system) / 1000 / count;
      return result;
    };
    const raster = await timed('decode', () => decodeImage(bytes, path));
    const random = randomFrom(0, index);
    const image = await timed('crop', () => augmentImage(raster, { preprocessing, augment, random }));
    await timed('normalise', () => normalise({ image, preprocessing, out, at: 0 }));
  }
  return spent;
}
