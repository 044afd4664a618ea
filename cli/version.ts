import { readFileSync } from 'node:fs';
import { packageRoot } from './package-root.ts';

/** The package's version, for `--version` and provenance. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot()), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
