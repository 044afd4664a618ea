import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFacts } from '../model/model-facts.ts';
import type { PixelBox } from '../../vision/discovery/pixel-box.ts';

/** `boxes.json` of a `boxes` artifact: one object an image, in pixels of the original image. */
export interface BoxesFile extends ModelFacts {
  readonly format: 1;
  readonly method: string;
  readonly items: readonly FoundBox[];
}

export interface FoundBox {
  readonly id: string;
  /** Null where nothing could be found; `reason` says why. */
  readonly box: PixelBox | null;
  readonly reason?: 'zero-feature' | 'infinite-feature';
  readonly imageWidth: number;
  readonly imageHeight: number;
}

export const boxesFileName = 'boxes.json';

export async function readBoxesFile(dir: string): Promise<BoxesFile> {
  return JSON.parse(await readFile(join(dir, boxesFileName), 'utf8')) as BoxesFile;
}

export async function writeBoxesFile(dir: string, file: BoxesFile): Promise<void> {
  await writeFile(join(dir, boxesFileName), `${JSON.stringify(file)}\n`);
}
