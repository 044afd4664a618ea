import { readdirSync } from 'node:fs';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';

/** Any tree of files, as programs outside the house write them. */
export const files: ArtifactType = {
  type: 'files',
  summary: 'any tree of files',
  check: (dir) => Promise.resolve(readdirSync(dir).length === 0 ? ['the folder is empty'] : []),
};
