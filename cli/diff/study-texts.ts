import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../../engine/run/run-folder.ts';
import { diffLines } from '../../tasks/report/compare/line-diff.ts';
import type { ChangedText } from '../../tasks/report/compare/study-changes.ts';

interface StudyFile {
  readonly name: string;
  readonly text: string;
}

/** The files of a study as a run froze them, the study's own first. */
export async function studyFiles(runsDir: string, run: string): Promise<readonly StudyFile[]> {
  const { studyDir } = runFolder(runsDir, run);
  const names = await readdir(studyDir).catch(() => []);
  const ordered = names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const files: StudyFile[] = [];
  for (const name of ordered)
    files.push({ name: name.replace(/^\d+-/, ''), text: await readFile(join(studyDir, name), 'utf8') });
  return files;
}

/** Files that are not the same; the studies' own stand for each other whatever they are called, others by their names. */
export function changedTexts(
  before: readonly StudyFile[],
  after: readonly StudyFile[],
): readonly ChangedText[] {
  const [own, ...used] = before;
  const [other, ...others] = after;
  const left = [...others];
  const pairs: (readonly [StudyFile | undefined, StudyFile | undefined])[] = [[own, other]];
  for (const file of used) {
    const at = left.findIndex(({ name }) => name === file.name);
    pairs.push([file, at === -1 ? undefined : left.splice(at, 1)[0]]);
  }
  pairs.push(...left.map((file) => [undefined, file] as const));
  return pairs.flatMap(([one, two]) => {
    if (one?.text === two?.text) return [];
    const names = [...new Set([one?.name, two?.name].filter((name) => name !== undefined))];
    return [{ file: names.join(' \u2192 '), lines: diffLines(one?.text ?? '', two?.text ?? '') }];
  });
}
