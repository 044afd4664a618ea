import { readFileSync } from 'node:fs';
import { digestOf } from '../cache/digest.ts';
import { packageRoot } from './package-root.ts';

/**
 * What changes with every change of the command's code: the digest of its first file, which names all others by their
 * content. Undefined where the command runs from its sources.
 */
export function buildIdentity(): string | undefined {
  if (import.meta.url.endsWith('.ts')) return undefined;
  return digestOf(readFileSync(new URL('dist/cli/main.js', packageRoot())));
}
