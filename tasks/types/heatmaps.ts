import { join } from 'node:path';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';
import { heatmapsFiles } from '../heatmaps/heatmaps-file.ts';
import { isList, readJsonObject } from './read-json.ts';
import { readSafetensorsHeader } from './safetensors-header.ts';

/** One attribution map an image, at the size of the network's input. */
export const heatmaps: ArtifactType = {
  type: 'heatmaps',
  summary: 'heatmaps.safetensors: one map an image; heatmaps.json: which images and classes',
  check: async (dir) => {
    const read = await readJsonObject(dir, heatmapsFiles.description);
    if (read.kind === 'problem') return [read.problem];
    const { items, predicted, targets, convergenceDelta } = read.content;
    if (!isList(items)) return ['heatmaps.json: items is no list'];
    const problems: string[] = [];
    for (const [name, list] of Object.entries({ predicted, targets, convergenceDelta })) {
      if (name === 'convergenceDelta' && list === undefined) continue;
      if (!isList(list, items.length)) problems.push(`heatmaps.json: ${name} has not one entry an item`);
    }
    return [...problems, ...(await problemsOfMaps(dir, items.length))];
  },
};

async function problemsOfMaps(dir: string, images: number): Promise<readonly string[]> {
  try {
    const { tensors, dataAt, fileBytes } = await readSafetensorsHeader(join(dir, heatmapsFiles.maps));
    const entry = tensors[heatmapsFiles.tensor];
    if (entry === undefined) return [`heatmaps.safetensors has no tensor ${heatmapsFiles.tensor}`];
    const { dtype, shape } = entry;
    const [count, channels] = shape;
    if (dtype !== 'F32' && dtype !== 'F16') return [`the maps are ${dtype}, not F32 or F16`];
    if (shape.length !== 4 || count !== images || (channels !== 1 && channels !== 3)) {
      return [`the maps have the shape [${shape.join(', ')}], expected [${images}, 1 or 3, height, width]`];
    }
    const bytes = shape.reduce((product, side) => product * side, dtype === 'F16' ? 2 : 4);
    return dataAt + bytes === fileBytes
      ? []
      : [`the maps take ${bytes} bytes, the file has ${fileBytes - dataAt}`];
  } catch (error) {
    return [`heatmaps.safetensors cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}
