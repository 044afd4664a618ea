import { packageRoot } from './package-root.ts';

/** The program that a slot's worker runs: the source where the command runs from sources, else the built one. */
export function workerEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? 'cli/worker.ts' : 'dist/cli/worker.js', packageRoot());
}
