import { readdir } from 'node:fs/promises';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';

/** Any tree of files, as programs outside the house write them. */
export const files: ArtifactType = {
  type: 'files',
  summary: 'any tree of files',
  check: async (dir) => ((await readdir(dir)).length === 0 ? ['the folder is empty'] : []),
};
