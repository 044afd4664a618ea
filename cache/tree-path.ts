const maximumPathBytes = 1024;
const maximumSegmentBytes = 255;

/**
 * Why `path` may not name a file of an artifact; undefined where it may. Allowed is what means the same file on every
 * machine and can never leave the tree: relative, `/`-separated, NFC, without `.` and `..`.
 */
export function treePathProblem(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (/[\p{Surrogate}\uFFFD]/u.test(path)) return 'is not valid Unicode';
  if (path.normalize('NFC') !== path) return 'is not in Unicode normal form C';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is absolute';
  if (path.includes('\\')) return 'holds a backslash, which separates folders on some systems';
  if (/\p{Cc}/u.test(path)) return 'holds a control character';
  if (Buffer.byteLength(path) > maximumPathBytes) return `is longer than ${maximumPathBytes} bytes`;
  for (const segment of path.split('/')) {
    if (segment === '') return 'has an empty segment';
    if (segment === '.' || segment === '..') return `has the segment '${segment}'`;
    if (Buffer.byteLength(segment) > maximumSegmentBytes) {
      return `has a segment longer than ${maximumSegmentBytes} bytes`;
    }
  }
  return undefined;
}

/**
 * What stops `paths` from lying in one folder on every machine: the same path twice, two that differ only in case (in a
 * folder's name too), or a file where another path needs a folder.
 */
export function collisions(paths: Iterable<string>): readonly string[] {
  const seen = new Map<string, { readonly spelling: string; readonly isFile: boolean }>();
  const problems: string[] = [];
  const enter = (spelling: string, isFile: boolean): void => {
    const folded = foldCase(spelling);
    const earlier = seen.get(folded);
    if (earlier === undefined) seen.set(folded, { spelling, isFile });
    else if (earlier.spelling !== spelling) {
      problems.push(`'${spelling}' and '${earlier.spelling}' differ only in case`);
    } else if (earlier.isFile && isFile) problems.push(`'${spelling}' appears twice`);
    else if (earlier.isFile !== isFile) problems.push(`'${spelling}' is both a file and a folder`);
  };
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      enter(path.slice(0, slash), false);
    }
    enter(path, true);
  }
  return problems;
}

/** By way of upper case, so that letters with several lower or upper forms (`ß`, `ſ`) meet as they do on such disks. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().normalize('NFC');
}
