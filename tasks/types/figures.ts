import { readdirSync } from 'node:fs';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';

/** What a paper takes from a study: its figures with their data, and, in the copy that is handed over, how it was made. */
export const figures: ArtifactType = {
  type: 'figures',
  summary: 'figures for a paper, captions.md, the data behind them; handed over with the methods to cite',
  check: (dir) =>
    Promise.resolve(
      readdirSync(dir).includes('captions.md') ? [] : ['captions.md is missing: no figures were written'],
    ),
  dress: async (dir, record) => {
    const { writeMethods } = await import('../report/dress/write-methods.ts');
    await writeMethods(dir, record);
  },
};
