import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { JsonObject } from '../../cache/json.ts';

/** Path -> SHA-256 of the files in a command's identity. */
export function keyedFiles(identity: JsonObject): ReadonlyMap<string, string> {
  const files = identity['files'];
  const entries = Array.isArray(files) ? (files as readonly { path: string; sha256: string }[]) : [];
  return new Map(entries.map(({ path, sha256 }) => [path, sha256]));
}

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
