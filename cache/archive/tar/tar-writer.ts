import { blockBytes, encodeHeader, paddingAfter } from './header.ts';

/** Programs read a tar by records of this size, and some ask that it ends on one. */
const recordBytes = 20 * blockBytes;

/** A file that is to stand in a tar. */
export interface FileToPack {
  readonly name: string;
  readonly sizeBytes: number;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The bytes of a tar of these files, in their order. Throws where a file's bytes are not as many as it says. */
export async function* packTar(files: Iterable<FileToPack>): AsyncGenerator<Uint8Array, void> {
  let written = 0;
  for (const { name, sizeBytes, bytes } of files) {
    const header = encodeHeader({ name, sizeBytes });
    yield header;
    let length = 0;
    for await (const piece of bytes) {
      length += piece.byteLength;
      yield piece;
    }
    if (length !== sizeBytes) throw new Error(`${name} has ${length} bytes, and was to have ${sizeBytes}`);
    const padding = paddingAfter(sizeBytes);
    if (padding > 0) yield Buffer.alloc(padding);
    written += header.byteLength + sizeBytes + padding;
  }
  const end = 2 * blockBytes;
  const rest = (recordBytes - ((written + end) % recordBytes)) % recordBytes;
  yield Buffer.alloc(end + rest);
}
