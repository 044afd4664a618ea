import type { ArtifactType } from '../../engine/contract/artifact-type.ts';
import { boxesFileName } from '../boxes/boxes-file.ts';
import { isList, isRecord, readJsonObject } from './read-json.ts';

/** One found object an image, in pixels of the original image. */
export const boxes: ArtifactType = {
  type: 'boxes',
  summary: 'boxes.json: one box an image, in pixels of the original image',
  check: async (dir) => {
    const read = await readJsonObject(dir, boxesFileName);
    if (read.kind === 'problem') return [read.problem];
    const { items } = read.content;
    if (!isList(items)) return ['boxes.json: items is no list'];
    const wrong = items.findIndex((item) => !isFoundBox(item));
    return wrong < 0 ? [] : [`boxes.json: item ${wrong} has no id, image size and box (or null)`];
  },
};

function isFoundBox(item: unknown): boolean {
  if (!isRecord(item) || typeof item['id'] !== 'string') return false;
  if (!areNumbers(item, ['imageWidth', 'imageHeight'])) return false;
  const box = item['box'];
  return box === null || (isRecord(box) && areNumbers(box, ['x0', 'y0', 'x1', 'y1']));
}

function areNumbers(record: { readonly [key: string]: unknown }, names: readonly string[]): boolean {
  return names.every((name) => Number.isFinite(record[name]));
}
