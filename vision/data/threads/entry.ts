import { open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { decodeImage } from '../decode.ts';
import type { Raster } from '../raster.ts';
import type { ImageSource, ListedFile } from '../image-source.ts';
import { prepareInput } from '../prepare-input.ts';
import type { JobAnswer, JobMessage, Part } from './job.ts';

/** A thread of the loader: reads, decodes, augments and normalises images into their places in a shared batch. */
const port = parentPort;
if (port === null) throw new Error('this is the program of a thread');
port.on('message', (job: JobMessage) => {
  waiting.push(job);
  void workOff();
});

/** Jobs at a time: while one is decoded, on libuv's threads, another is cropped here. */
const mostAtATime = 2;
const waiting: JobMessage[] = [];
let atATime = 0;

async function workOff(): Promise<void> {
  if (atATime >= mostAtATime) return;
  atATime += 1;
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) port?.postMessage(await run(job));
  atATime -= 1;
}

async function run({ id, images, parts, dropped }: JobMessage): Promise<JobAnswer> {
  const done = await Promise.all(
    parts.map(async (part) => Atomics.load(dropped, 0) !== 0 || (await prepare(part, images))),
  );
  return { id, failed: done.flatMap((isDone, index) => (isDone ? [] : [index])) };
}

async function prepare({ source, request, at }: Part, images: Float32Array): Promise<boolean> {
  try {
    prepareInput(await pixelsOf(source), request, images, at);
    return true;
  } catch {
    return false;
  }
}

async function pixelsOf(source: ImageSource): Promise<Raster> {
  if (source.kind === 'raster') return source.raster;
  return decodeImage(await readUnchanged(source.file), source.file.path, source.decoding);
}

async function readUnchanged({ place, size, mtimeMs }: ListedFile): Promise<Uint8Array> {
  await using handle = await open(place);
  const found = await handle.stat();
  if (found.size !== size || found.mtimeMs !== mtimeMs) throw new Error(`${place} changed`);
  return await handle.readFile();
}
