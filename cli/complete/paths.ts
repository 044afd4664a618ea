import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Candidate } from './candidate.ts';

/** Folders, and (with `files`) the files that pass. Hidden ones only where a dot was typed. */
export async function completePath(request: {
  readonly current: string;
  readonly cwd: string;
  readonly files?: (path: string) => boolean | Promise<boolean>;
}): Promise<readonly Candidate[]> {
  const { current, cwd, files } = request;
  const slash = current.lastIndexOf('/') + 1;
  const [typed, start] = [current.slice(0, slash), current.slice(slash)];
  const dir = resolve(cwd, typed.startsWith('~/') ? join(homedir(), typed.slice(2)) : typed);
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const found: Candidate[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.name.startsWith(start) || (entry.name.startsWith('.') && !start.startsWith('.'))) continue;
    if (entry.isDirectory()) found.push({ value: `${typed}${entry.name}/` });
    else if ((await files?.(join(dir, entry.name))) === true) found.push({ value: typed + entry.name });
  }
  return found;
}

/** As much of a file as tells whether it is a study: `study:` stands near the top. */
const headBytes = 20_000;

/** A YAML file that names a study. */
export async function isStudyFile(path: string): Promise<boolean> {
  if (!/\.ya?ml$/.test(path)) return false;
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^study:/m.test(text.slice(0, headBytes));
}

/** Where only one folder below has studies, nobody wants to type its name first. */
export async function completeStudy(current: string, cwd: string): Promise<readonly Candidate[]> {
  const found = await completePath({ current, cwd, files: isStudyFile });
  if (current !== '' || found.some(({ value }) => !value.endsWith('/'))) return found;
  const below: Candidate[] = [];
  for (const { value } of found) {
    if (value === 'node_modules/' || dirname(value) !== '.') continue;
    const inside = await completePath({ current: value, cwd, files: isStudyFile });
    below.push(...inside.filter((each) => !each.value.endsWith('/')));
  }
  return below.length > 0 ? below : found;
}
