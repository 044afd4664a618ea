import type { JsonObject } from '../../cache/json.ts';

/** Path -> SHA-256 of the files in a command's identity. */
export function keyedFiles(identity: JsonObject): ReadonlyMap<string, string> {
  const files = identity['files'];
  const entries = Array.isArray(files) ? (files as readonly { path: string; sha256: string }[]) : [];
  return new Map(entries.map(({ path, sha256 }) => [path, sha256]));
}
