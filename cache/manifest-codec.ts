import { canonicalJson } from './canonical-json.ts';
import { digestOf, parseDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { collisions, treePathProblem } from './tree-path.ts';

/** Some 400,000 files. What is larger is an attack or a mistake: archives exist. */
const maximumManifestBytes: number = 64 * 1024 * 1024;

export type DecodedManifest =
  | { readonly kind: 'decoded'; readonly manifest: Manifest }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** The canonical JSON of a manifest: what is stored, and what its digest is taken of. */
export function encodeManifest(manifest: Manifest): string {
  return canonicalJson({
    format: manifest.format,
    files: manifest.files.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
  });
}

/** The digest of an artifact. */
export function manifestDigest(manifest: Manifest): Digest {
  return digestOf(encodeManifest(manifest));
}

/** A manifest of `files`, put in order. What is wrong with their paths is returned, all of it at once. */
export function makeManifest(files: readonly ManifestFile[]): DecodedManifest {
  const sorted = files.toSorted((a, b) => compareCodeUnits(a.path, b.path));
  const manifest: Manifest = { format: 1, files: sorted };
  const problems = pathProblems(sorted);
  return problems.length === 0 ? { kind: 'decoded', manifest } : { kind: 'invalid', problems };
}

/** Reads a manifest from bytes that anybody may have written. Only the one canonical text of a valid tree passes. */
export function decodeManifest(bytes: Uint8Array): DecodedManifest {
  if (bytes.byteLength > maximumManifestBytes) {
    return invalid(`is larger than ${maximumManifestBytes} bytes`);
  }
  const text = decodeText(bytes);
  if (text === undefined) return invalid('is not UTF-8');
  const value = parseJson(text);
  if (!isObject(value)) return invalid('is not a JSON object');
  if (value['format'] !== 1) return invalid('is not of format 1');
  if (!Array.isArray(value['files'])) return invalid('has no list of files');
  const files: ManifestFile[] = [];
  for (const entry of value['files'] as readonly unknown[]) {
    const file = fileOf(entry);
    if (file === undefined) return invalid(`has a malformed entry, number ${files.length}`);
    files.push(file);
  }
  const problems = [...pathProblems(files), ...orderProblems(files)];
  if (problems.length > 0) return { kind: 'invalid', problems };
  const manifest: Manifest = { format: 1, files };
  // Another text of the same tree (white space, further keys, a key twice) would give it a second digest.
  return encodeManifest(manifest) === text
    ? { kind: 'decoded', manifest }
    : invalid('is not canonical JSON of a manifest');
}

function pathProblems(files: readonly ManifestFile[]): readonly string[] {
  const problems: string[] = [];
  for (const { path } of files) {
    const problem = treePathProblem(path);
    if (problem !== undefined) problems.push(`${JSON.stringify(path)} ${problem}`);
  }
  return [...problems, ...collisions(files.map(({ path }) => path))];
}

function orderProblems(files: readonly ManifestFile[]): readonly string[] {
  const unsorted = files.some(
    (file, index) => index > 0 && compareCodeUnits(files[index - 1]!.path, file.path) > 0,
  );
  return unsorted ? ['the files are not sorted by path'] : [];
}

function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fileOf(entry: unknown): ManifestFile | undefined {
  if (!isObject(entry)) return undefined;
  const { path, size, sha256 } = entry;
  if (typeof path !== 'string' || typeof size !== 'number' || typeof sha256 !== 'string') return undefined;
  const digest = parseDigest(sha256);
  if (digest === undefined || !Number.isSafeInteger(size) || size < 0) return undefined;
  return { path, size, sha256: digest };
}

function invalid(problem: string): DecodedManifest {
  return { kind: 'invalid', problems: [`the manifest ${problem}`] };
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
