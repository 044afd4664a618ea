import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { ImageFailure } from '../../vision/data/image-failure.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { openImageSet } from '../data/open.ts';
import type { TableFile } from '../sweet-spots/table-file.ts';

/** Images that are decoded at a time: one while another is read. */
const atATime = 2;
const reportEvery = 100;

/** Reads every image and writes those that fail to `table.json`, with what a study would have to say to leave them out. */
export async function runCheckImages(context: TaskContext): Promise<void> {
  const set = await openImageSet(context.data('data'));
  const failures = await failuresOf(set, context);
  for (const { path, message } of failures) context.log.warn(message, { image: path });
  const file = join(context.output('table'), 'table.json');
  await writeFile(file, `${JSON.stringify(tableOf(set, failures), null, 1)}\n`);
}

async function failuresOf(set: ImageSet, context: TaskContext): Promise<readonly ImageFailure[]> {
  const failures: (ImageFailure | undefined)[] = [];
  const images = set.records.length;
  let next = 0;
  const readOn = async (): Promise<void> => {
    while (next < images) {
      context.signal.throwIfAborted();
      const index = next;
      next += 1;
      failures[index] = await failureOf(set, index);
      if (index % reportEvery === 0) context.progress({ done: index, of: images, unit: 'images' });
    }
  };
  await Promise.all(Array.from({ length: atATime }, readOn));
  return failures.filter((failure) => failure !== undefined);
}

async function failureOf(set: ImageSet, index: number): Promise<ImageFailure | undefined> {
  try {
    await set.image(index);
    return undefined;
  } catch (failure) {
    if (failure instanceof ImageFailure) return failure;
    throw failure;
  }
}

function tableOf(set: ImageSet, failures: readonly ImageFailure[]): TableFile {
  const images = `${set.records.length} images were read`;
  return {
    format: 1,
    title: 'Images that cannot be read',
    columns: [{ name: 'image' }, { name: 'reason' }, { name: 'message' }],
    rows: failures.map(({ path, reason, message }) => [path, reason, message]),
    notes:
      failures.length === 0
        ? [`${images}; all are well.`]
        : [
            `${images}; ${failures.length} cannot be. A data set without them:`,
            `exclude: ${JSON.stringify(failures.map(({ path }) => path))}`,
          ],
  };
}
