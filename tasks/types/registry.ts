import type { ArtifactType } from '../../engine/contract/artifact-type.ts';
import { boxes } from './boxes.ts';
import { figures } from './figures.ts';
import { files } from './files.ts';
import { heatmaps } from './heatmaps.ts';
import { model } from './model.ts';
import { page } from './page.ts';
import { previews } from './previews.ts';
import { scores } from './scores.ts';
import { table } from './table.ts';

/** Every artifact type of the house. */
export const artifactTypes: readonly ArtifactType[] = [
  model,
  heatmaps,
  previews,
  boxes,
  scores,
  table,
  page,
  figures,
  files,
];
