import { ImageFailure } from '../image-failure.ts';
import type { Box } from '../image-set.ts';

/** An image that a list of boxes names, and its objects. */
export interface BoxedImage {
  /** Relative, as the list has it. */
  readonly image: string;
  readonly boxes: readonly Box[];
}

/** A list that does not say what it should: the file, and the line where one is known. */
export function malformed(path: string, message: string, line?: number): ImageFailure {
  const place = line === undefined ? {} : { line };
  return new ImageFailure('malformed', path, { cause: new Error(message), ...place });
}

/** Why a name cannot be that of an image below the data set's folder; undefined where it can. */
export function objectionToName(name: string): string | undefined {
  if (name === '') return 'the name of the image is empty';
  const parts = name.split('/');
  if (name.startsWith('/') || /^[A-Za-z]:|\\/.test(name))
    return `the image '${name}' is no path under the root`;
  if (parts.some((part) => part === '..' || part === '.' || part === ''))
    return `the image '${name}' is no plain path: it has '.', '..' or an empty part`;
  return undefined;
}
