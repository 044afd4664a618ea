import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';
import { isList, isRecord, readJsonObject } from './read-json.ts';

/** A few images and the heatmaps over them, as PNG, for people; the masks of the objects where there are any. */
export const previews: ArtifactType = {
  type: 'previews',
  summary: 'previews.json and the PNG files it names: images and heatmaps over them',
  check: async (dir) => {
    const read = await readJsonObject(dir, 'previews.json');
    if (read.kind === 'problem') return [read.problem];
    const { items } = read.content;
    if (!isList(items)) return ['previews.json: items is no list'];
    const problems: string[] = [];
    for (const [place, item] of items.entries()) {
      if (!isRecord(item)) problems.push(`previews.json: item ${place} is no object`);
      else {
        for (const part of ['image', 'overlay']) {
          const name = item[part];
          if (typeof name !== 'string') problems.push(`previews.json: item ${place} names no ${part}`);
          else if (!(await isThere(join(dir, name)))) problems.push(`${name} is missing`);
        }
        const { mask } = item;
        if (mask === undefined) continue;
        if (typeof mask !== 'string') problems.push(`previews.json: mask of item ${place} is no file name`);
        else if (!(await isThere(join(dir, mask)))) problems.push(`${mask} is missing`);
      }
    }
    return problems;
  },
};

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
