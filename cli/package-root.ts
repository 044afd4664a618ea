import { existsSync } from 'node:fs';

/** The folder that holds package.json and `workflows/`, from the sources and from `dist/` alike. Ends in `/`. */
export function packageRoot(): URL {
  for (let dir = new URL('.', import.meta.url); ; dir = new URL('..', dir)) {
    if (existsSync(new URL('package.json', dir))) return dir;
    if (dir.pathname === '/')
      throw new Error('sweetspot is not in a package: package.json is missing above its code');
  }
}
