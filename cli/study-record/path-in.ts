import { isAbsolute, relative, sep } from 'node:path';

/** A path as it is typed in `folder`; undefined for what lies outside: where that is differs from machine to machine. */
export function pathIn(folder: string, path: string): string | undefined {
  const inside = relative(folder, path);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    return undefined;
  return inside;
}
