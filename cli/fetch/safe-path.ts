/**
 * The parts of a path in an archive, `./` in front and `/` at the end taken off; undefined where it could leave the folder
 * it is unpacked into, or be another file on another system.
 */
export function safeParts(path: string): readonly string[] | undefined {
  const parts = path
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\/+$/, '')
    .split('/');
  if (parts.length === 1 && (parts[0] === '' || parts[0] === '.'))
    return path.startsWith('/') ? undefined : [];
  return parts.every(isPlain) ? parts : undefined;
}

function isPlain(part: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return part !== '' && part !== '.' && part !== '..' && !/[\\:\u0000-\u001f]/.test(part);
}

/** What of the parts lies under `root`, a path in which `*` is any one name; undefined where they lie elsewhere. */
export function partsUnder(parts: readonly string[], root: string): readonly string[] | undefined {
  const wanted = root === '' ? [] : root.split('/');
  const isUnder = wanted.every((name, i) => (name === '*' ? parts[i] !== undefined : parts[i] === name));
  return isUnder ? parts.slice(wanted.length) : undefined;
}
