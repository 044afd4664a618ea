import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** By default Node reads 64 KB at a time, and waits between them as long as it reads. */
const chunkBytes = 1024 * 1024;

/** SHA-256 of a file of any size, read in small pieces. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: chunkBytes }), hash);
  return hash.digest('hex');
}
