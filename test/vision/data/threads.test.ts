import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataFiles } from '../../../vision/data/data-files.ts';
import { openImageFolder } from '../../../vision/data/image-folder.ts';
import type { ImageSet } from '../../../vision/data/image-set.ts';
import type { ListedFile } from '../../../vision/data/image-source.ts';
import { keepImages } from '../../../vision/data/keep-images.ts';
import { loadBatches, type LoadRequest } from '../../../vision/data/loader.ts';
import { LoaderThreads } from '../../../vision/data/threads/loader-threads.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const side = 64;
const preprocessing = {
  resize: 72,
  crop: side,
  interpolation: 'bilinear',
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.3, 0.4],
} as const;
const augment = {
  crop: { kind: 'resized', scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
  flip: true,
  augmentation: { kind: 'trivial-augment-wide' },
  erase: 0.5,
} as const;

let root = '';
let paths: string[] = [];
let files: DataFiles;
let set: ImageSet;
let threads: LoaderThreads;

beforeAll(async () => {
  threads = await startThreads(2);
  root = await mkdtemp(join(tmpdir(), 'sweetspot-threads-'));
  paths = Array.from({ length: 22 }, (_, index) => `a/${index}.jpg`);
  const found = new Map<string, ListedFile>();
  await mkdir(join(root, 'a'));
  for (const [index, path] of paths.entries()) {
    const place = join(root, path);
    await writeFile(place, await photograph(index));
    const { size, mtimeMs } = await stat(place);
    found.set(path, { path, place, size, mtimeMs });
  }
  files = { read: (path) => readFile(join(root, path)), listed: (path) => found.get(path)! };
  set = openImageFolder({ name: 'made', paths, classes: ['a'], files });
});

afterAll(async () => {
  await threads.close();
  await rm(root, { recursive: true });
});

/** Threads of which one runs: loads as small as these do not start them. */
async function startThreads(count: number): Promise<LoaderThreads> {
  const started = new LoaderThreads(count);
  const dropped = new Int32Array(new SharedArrayBuffer(4));
  const nothing = { images: new Float32Array(new SharedArrayBuffer(0)), parts: [], dropped };
  expect(await started.run(nothing)).toEqual([]);
  return started;
}

/** A noisy picture of its own size and colours. */
async function photograph(index: number): Promise<Buffer> {
  const random = randomFrom(index);
  const [width, height] = [100 + random.integer(80), 100 + random.integer(80)];
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

function request(of: ImageSet): LoadRequest {
  const order = [...paths.keys(), 3, 3 + paths.length];
  return { set: of, order, batchSize: 10, preprocessing, augment, seed: 1, epoch: 2 };
}

async function bytes(of: ImageSet): Promise<readonly string[]> {
  const batches: string[] = [];
  for await (const { images, indices } of loadBatches(request(of)))
    batches.push(
      `${[...indices].join()}:${Buffer.from(Uint8Array.from(byteView(images))).toString('base64')}`,
    );
  return batches;
}

function byteView({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

describe('threads of the loader', () => {
  it('make the same bytes as the main thread, however many they are', async () => {
    const wanted = await bytes(set);
    for (const count of [1, 3]) {
      await using some = await startThreads(count);
      expect((await bytes({ ...set, threads: some })) as unknown).toEqual(wanted);
    }
  });

  it('leave the main thread nothing to decode', async () => {
    let decoded = 0;
    const image = (index: number) => ((decoded += 1), set.image(index));
    await bytes({ ...set, image, threads });
    expect(decoded).toBe(0);
  });

  it('are not started for little', async () => {
    await using idle = new LoaderThreads(2);
    await bytes({ ...set, threads: idle });
    expect(idle.running).toBe(0);
  });

  it('read what is kept in memory', async () => {
    const wanted = await bytes(set);
    let decoded = 0;
    const image = (index: number) => ((decoded += 1), set.image(index));
    const room = { maxBytes: 300_000, budget: { bytesLeft: 1e9 } };
    const kept = keepImages({ ...set, image }, room);
    expect((await bytes({ ...kept.set, threads })) as unknown).toEqual(wanted);
    expect(decoded).toBeGreaterThan(0);
    decoded = 0;
    expect((await bytes({ ...kept.set, threads })) as unknown).toEqual(wanted);
    // What did not fit is left to the threads.
    expect(decoded).toBe(0);
  });

  it('leave what an evaluation sees for the next one', async () => {
    const evaluation = (of: ImageSet): LoadRequest => ({
      set: of,
      order: [...paths.keys()],
      batchSize: 10,
      preprocessing,
      seed: 0,
      epoch: 0,
    });
    const inputs = async (of: ImageSet): Promise<string> => {
      let all = '';
      for await (const { images } of loadBatches(evaluation(of)))
        all += Buffer.from(byteView(images)).toString('base64');
      return all;
    };
    const wanted = await inputs(set);
    let sources = 0;
    const source = (index: number) => ((sources += 1), set.source!(index));
    const image = () => Promise.reject(new Error('asked of the main thread'));
    const budget = { bytesLeft: 1e9 };
    const kept = keepImages({ ...set, source, image }, { maxBytes: 1e9, budget });
    for (let pass = 0; pass < 3; pass += 1) expect(await inputs({ ...kept.set, threads })).toEqual(wanted);
    expect(sources).toBe(paths.length);
    expect(budget.bytesLeft).toBe(1e9 - paths.length * side * side * 3);
  });

  it('leave a failure to the main thread, which names the file', async () => {
    await writeFile(join(root, 'a/broken.jpg'), (await photograph(1)).subarray(0, 2000));
    const { size, mtimeMs } = await stat(join(root, 'a/broken.jpg'));
    const brokenRequest = {
      name: 'made',
      paths: ['a/0.jpg', 'a/broken.jpg'],
      classes: ['a'],
      files: {
        ...files,
        listed: (path: string) =>
          path === 'a/broken.jpg' ? { path, place: join(root, path), size, mtimeMs } : files.listed!(path),
      },
    };
    const broken = openImageFolder(brokenRequest);
    const batches = loadBatches({ ...request({ ...broken, threads }), order: [0, 1] });
    await expect(batches.next()).rejects.toMatchObject({ name: 'ImageFailure', path: 'a/broken.jpg' });
    // Where damaged images are kept, the threads keep them, too.
    const keep = { exif: 'ignore', cmyk: 'profile', damaged: 'keep' } as const;
    const kept = openImageFolder({ ...brokenRequest, files: { ...brokenRequest.files, decoding: keep } });
    const image = () => Promise.reject(new Error('asked of the main thread'));
    const whole = loadBatches({ ...request({ ...kept, image, threads }), order: [0, 1] });
    expect((await whole.next()).done).toBe(false);
    // They go on with what is well.
    expect((await bytes({ ...set, threads })).length).toBe(3);
  });

  it('do not take a file that has changed', async () => {
    const asked: string[] = [];
    const read = (path: string) => (asked.push(path), Promise.reject(new Error(`${path} changed`)));
    const watched = openImageFolder({ name: 'made', paths, classes: ['a'], files: { ...files, read } });
    await utimes(join(root, paths[4]!), new Date(), new Date(1_000_000));
    const batches = loadBatches(request({ ...watched, threads }));
    await expect(batches.next()).rejects.toThrow('a/4.jpg changed');
    expect(asked).toEqual(['a/4.jpg']);
    const { mtimeMs } = files.listed!(paths[4]!);
    await utimes(join(root, paths[4]!), new Date(), new Date(mtimeMs));
  });

  it('work on while the main thread is held up', async () => {
    const size = side * side * 3;
    const images = new Float32Array(new SharedArrayBuffer(size * 4 * 40));
    const dropped = new Int32Array(new SharedArrayBuffer(4));
    const source = await set.source!(0);
    const jobs = Array.from({ length: 40 }, (_, place) =>
      threads.run({
        images,
        parts: [{ source, request: { preprocessing, keys: [place] }, at: place * size }],
        dropped,
      }),
    );
    const isMade = (place: number) => images.subarray(place * size, (place + 1) * size).some(Boolean);
    const deadline = Date.now() + 240_000;
    // Nothing of this thread runs meanwhile, so no job can be given out that was not before.
    while (!jobs.every((_, place) => isMade(place)) && Date.now() < deadline) Atomics.wait(dropped, 0, 0, 5);
    expect(jobs.filter((_, place) => !isMade(place))).toEqual([]);
    await Promise.all(jobs);
  });

  it('leave what nobody wants any more', async () => {
    const images = new Float32Array(new SharedArrayBuffer(side * side * 3 * 4));
    const dropped = new Int32Array(new SharedArrayBuffer(4));
    dropped[0] = 1;
    const parts = [{ source: await set.source!(0), request: { preprocessing, keys: [0] }, at: 0 }];
    expect(await threads.run({ images, parts, dropped })).toEqual([]);
    expect(images.some(Boolean)).toBe(false);
  });

  it('stop with the reason of the signal, and serve the next', async () => {
    const stop = new AbortController();
    const batches = loadBatches({ ...request({ ...set, threads }), signal: stop.signal });
    await batches.next();
    stop.abort(new Error('enough'));
    await expect(batches.next()).rejects.toThrow('enough');
    expect((await bytes({ ...set, threads })).length).toBe(3);
  });

  it('end when they are closed, and reject what they were at', async () => {
    const ended = await startThreads(2);
    const batches = loadBatches(request({ ...set, threads: ended }));
    const first = batches.next();
    await Promise.all([ended.close(), expect(first).rejects.toThrow('closed')]);
    expect(ended.running).toBe(0);
  });
});
