import { totalmem } from 'node:os';
import { type InputData, TaskError } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { keepImages, type KeptImages } from '../../vision/data/keep-images.ts';
import type { KeepBudget } from '../../vision/data/keep-room.ts';
import { LoaderThreads } from '../../vision/data/threads/loader-threads.ts';
import { openBoxesData } from './open-boxes.ts';
import { openGeirhosData } from './open-geirhos.ts';
import { openImageFolderData } from './open-image-folder.ts';
import { openImageMasksData } from './open-image-masks.ts';
import { openImageNetData } from './open-imagenet.ts';
import { openShapesData } from './open-shapes.ts';
import { openVocData } from './open-voc.ts';

/** How the worker opens what each adapter lists. */
const openers: { readonly [adapter: string]: (input: InputData) => ImageSet | Promise<ImageSet> } = {
  shapes: openShapesData,
  'image-folder': openImageFolderData,
  'image-masks': openImageMasksData,
  imagenet: openImageNetData,
  voc: openVocData,
  boxes: openBoxesData,
  geirhos: openGeirhosData,
  'human-decisions': () => {
    throw new TaskError('task', 'human-decisions holds answers, not images: compare-humans reads it');
  },
};

/**
 * Decoded images are kept up to this, of all sets, and half of it of one: CIFAR-10 takes 184 MB, ImageNet keeps next to
 * nothing. A sixteenth of the machine's memory, since several workers may share it, but no less than 1 GB.
 */
const keptBytes = Math.max(2 ** 30, memoryBytes() / 16);

/** A worker runs many tasks on few data sets: the 17 sets for each member of a pool, training data for each round. */
const keptSets = 24;
const opened = new Map<string, Promise<KeptImages>>();
const pools = new Map<number, LoaderThreads>();
const budget: KeepBudget = { bytesLeft: keptBytes };

/**
 * Opens a task's data set. Records come in the order of the listing; pixels are decoded when asked for, and small sets
 * stay in memory, also for this process' next tasks on the very same data. Reading throws `TaskError('data-changed')`
 * where a file is not what it was when the study was planned, and `ImageFailure` (with the path) where it is no image.
 *
 * @param threads how many threads may make its images ready: the share of the machine that the task was given.
 */
export async function openImageSet(input: InputData, threads = 1): Promise<ImageSet> {
  const key = JSON.stringify([input.adapter, input.digest, input.root, input.part, input.options]);
  const known = opened.get(key) ?? open(input);
  // Moved to the end: the set that has not been asked for the longest leaves first.
  opened.delete(key);
  opened.set(key, known);
  try {
    const { set } = await known;
    await forgetOldest();
    return { ...set, threads: loaderThreads(threads) };
  } catch (failure) {
    opened.delete(key);
    throw failure;
  }
}

/** One pool a process: its tasks come one after the other. */
function loaderThreads(count: number): LoaderThreads {
  const pool = pools.get(count) ?? new LoaderThreads(count);
  pools.set(count, pool);
  return pool;
}

async function forgetOldest(): Promise<void> {
  for (const [key, oldest] of opened) {
    if (opened.size <= keptSets) return;
    opened.delete(key);
    (await oldest).forget();
  }
}

async function open(input: InputData): Promise<KeptImages> {
  const opener = openers[input.adapter];
  if (opener === undefined) throw new Error(`no data adapter ${input.adapter}`);
  return keepImages(await opener(input), { maxBytes: keptBytes / 2, budget });
}

/** What this process may have at most: the machine's memory, or its container's. */
function memoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}
