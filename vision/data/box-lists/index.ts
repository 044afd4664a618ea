import type { BoxedImage } from './box-list.ts';
import { readCocoBoxes } from './coco-boxes.ts';
import { readCsvBoxes } from './csv-boxes.ts';

export type { BoxedImage } from './box-list.ts';

/** Formats of lists of boxes, by the end of the file's name. */
const formats: {
  readonly [extension: string]: (text: string, path: string) => readonly BoxedImage[];
} = {
  csv: readCsvBoxes,
  json: readCocoBoxes,
};

/** Ends of names that `readBoxList` knows. */
export const boxListFormats: readonly string[] = Object.keys(formats);

/** The images that a list of boxes names, and their objects. Throws `ImageFailure` with the line of what is wrong. */
export function readBoxList(bytes: Uint8Array, path: string): readonly BoxedImage[] {
  const read = formats[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
  if (read === undefined) throw new Error(`${path} is none of ${boxListFormats.join(', ')}`);
  return read(new TextDecoder().decode(bytes), path);
}
