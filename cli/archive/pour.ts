import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Few large writes in place of many small ones. */
const pouredBytes = 256 * 1024;

/** Writes bytes to a new file, which appears under its name when all of it is on the disk. Throws what `pieces` does, and system errors. */
export async function pourIntoFile(pieces: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  const fresh = join(dirname(path), `.sweetspot-${randomBytes(6).toString('hex')}`);
  let bytes = 0;
  try {
    {
      await using file = await open(fresh, 'wx');
      for await (const poured of gathered(pieces)) {
        await file.writeFile(poured);
        bytes += poured.byteLength;
      }
      await file.sync();
    }
    await rename(fresh, path);
    return bytes;
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Writes bytes to a stream no faster than it takes them. Answers whether somebody read to the end. */
export async function pourIntoStream(
  pieces: AsyncIterable<Uint8Array>,
  stream: NodeJS.WriteStream,
): Promise<boolean> {
  for await (const poured of gathered(pieces)) {
    if (stream.destroyed) return false;
    if (stream.write(poured)) continue;
    const gone = new AbortController();
    const closed = (): void => gone.abort();
    stream.once('close', closed);
    stream.once('error', closed);
    try {
      await once(stream, 'drain', { signal: gone.signal });
    } catch {
      return false;
    } finally {
      stream.off('close', closed);
      stream.off('error', closed);
    }
  }
  return true;
}

/** The pieces are nobody else's: none is filled anew. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    held.push(piece);
    bytes += piece.byteLength;
    if (bytes < pouredBytes) continue;
    yield held.length === 1 ? piece : Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
