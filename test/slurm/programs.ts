import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placeStudy } from './cluster.ts';

/**
 * Places a study of one program that says that it has begun, and then does `script`. Answers with how often it has begun so
 * far. `slurm`: lines of the configuration.
 */
export async function placeProgram(
  dir: string,
  script: string,
  ...slurm: readonly string[]
): Promise<() => Promise<number>> {
  const marks = join(dir, 'marks');
  const run = ['sh', '-ec', `echo begun >> "$MARKS"; ${script}; echo made > out.txt`];
  const work = { run, env: { MARKS: marks }, outputs: { out: { type: 'files', path: 'out.txt' } } };
  const study = { study: 'program', tasks: { work: { uses: 'command', with: work } } };
  await placeStudy(dir, JSON.stringify(study), ...slurm);
  return async () => (await readFile(marks, 'utf8').catch(() => '')).split('\n').length - 1;
}

/** Of a program: waits the first time it begins, and is done the next. */
export const onceForever = 'if [ $(wc -l < "$MARKS") = 1 ]; then sleep 600; fi';

/** Whether a line of `--json` says that a task has begun. */
export function hasBegun(line: string): boolean {
  return line.startsWith('{"kind":"task-started"');
}

/** The job in which a task has begun. */
export function jobOf(line: string): string {
  return (JSON.parse(line) as { slot: string }).slot.replace('slurm:', '');
}
