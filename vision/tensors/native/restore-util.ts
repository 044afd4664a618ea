import { createRequire } from 'node:module';

/** Two functions that Node 23 took out of `node:util` and that the binding still calls. Each thread has a `node:util` of its own. */
export function restoreUtilFunctions(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}
