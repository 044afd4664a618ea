import { decodeImage } from './decode.ts';
import type { Decoding } from './decoding.ts';
import type { ImageSet } from './image-set.ts';
import type { ListedFile } from './image-source.ts';

/** The files of a data set. Who opens it may check more on the way, e.g. that a file is unchanged. */
export interface DataFiles {
  /** The bytes of a listed file. */
  readonly read: (path: string) => Promise<Uint8Array>;
  /** Where a thread finds it, and what it has to be like. Absent where only `read` knows. */
  readonly listed?: (path: string) => ListedFile;
  /** Default: `usualDecoding`. */
  readonly decoding?: Decoding;
}

/** How the images of a set come from files, one each. */
export function imagesOf(paths: readonly string[], files: DataFiles): Pick<ImageSet, 'image' | 'source'> {
  const { read, listed, decoding } = files;
  return {
    image: async (index) => decodeImage(await read(paths[index]!), paths[index]!, decoding),
    ...(listed === undefined
      ? {}
      : {
          source: (index) => ({
            kind: 'file',
            file: listed(paths[index]!),
            ...(decoding === undefined ? {} : { decoding }),
          }),
        }),
  };
}
