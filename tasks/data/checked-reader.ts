import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type InputData, TaskError } from '../../engine/contract/task-context.ts';
import type { ReadFile } from '../../vision/data/read-file.ts';

/**
 * Reads a data set's files, each only as long as it has the size and time of change it had when the data set was
 * identified. Otherwise a result would be stored under the key of data that it was not made from.
 */
export function checkedReader(input: InputData): ReadFile {
  const { root } = input;
  if (root === undefined) throw new Error(`${input.adapter} has no files`);
  const files = new Map(input.files.map((file) => [file.path, file]));
  return async (path) => {
    const expected = files.get(path);
    if (expected === undefined) throw new Error(`${path} is not among the files of the data set`);
    const handle = await open(join(root, path)).catch((cause: unknown) => {
      throw new TaskError('data-changed', `${join(root, path)} cannot be opened any more`, { cause });
    });
    try {
      const { size, mtimeMs } = await handle.stat();
      if (size !== expected.size || mtimeMs !== expected.mtimeMs) {
        throw new TaskError('data-changed', `${join(root, path)} changed while the study ran`);
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  };
}
