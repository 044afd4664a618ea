import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type InputData, TaskError } from '../../engine/contract/task-context.ts';
import type { DataFiles } from '../../vision/data/data-files.ts';
import type { Decoding } from '../../vision/data/decoding.ts';
import type { ListedFile } from '../../vision/data/image-source.ts';

/**
 * The files of a data set. Each is read only as long as it has the size and time of change it had when the data set was
 * identified. Otherwise a result would be stored under the key of data that it was not made from.
 */
export function checkedFiles(input: InputData, decoding?: Decoding): DataFiles {
  const { root } = input;
  if (root === undefined) throw new Error(`${input.adapter} has no files`);
  const files = new Map(input.files.map((file) => [file.path, file]));
  const listed = (path: string): ListedFile => {
    const file = files.get(path);
    if (file === undefined) throw new Error(`${path} is not among the files of the data set`);
    return { ...file, place: join(root, path) };
  };
  const read = async (path: string): Promise<Uint8Array> => {
    const { place, size, mtimeMs } = listed(path);
    await using handle = await open(place).catch((cause: unknown) => {
      throw new TaskError('data-changed', `${place} cannot be opened any more`, { cause });
    });
    const found = await handle.stat();
    if (found.size !== size || found.mtimeMs !== mtimeMs)
      throw new TaskError('data-changed', `${place} changed while the study ran`);
    return await handle.readFile();
  };
  return { read, listed, ...(decoding === undefined ? {} : { decoding }) };
}
