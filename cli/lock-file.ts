import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import { errorCode } from '../cache/system-error.ts';
import type { Lock } from '../engine/lock/lock.ts';
import { lockText } from '../engine/lock/lock-text.ts';
import { parseLock } from '../engine/lock/parse-lock.ts';
import { exitCode } from './exit-codes.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';
import type { NotReady } from './prepare.ts';
import { plural } from './progress/duration.ts';
import { shownPath } from './workspace.ts';

/** `workflows/quickstart.yaml` -> `workflows/quickstart.lock`. */
export function lockPath(studyFile: string): string {
  return join(dirname(studyFile), `${basename(studyFile, extname(studyFile))}.lock`);
}

/** The lock beside a study, or what is wrong with it said. */
export async function readLock(
  studyFile: string,
  io: Io,
): Promise<{ readonly kind: 'lock'; readonly lock: Lock } | NotReady> {
  const path = lockPath(studyFile);
  const shown = shownPath(path, io.cwd);
  const anew = `sweetspot run ${shownPath(studyFile, io.cwd)} --write-lock`;
  const refuse = (message: string, hint: string): NotReady => {
    complain(io, message, hint);
    return { kind: 'exit', code: exitCode.usage };
  };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return refuse(`there is no lock: ${shown}`, `write one: ${anew}`);
  }
  const parsed = parseLock(text);
  switch (parsed.kind) {
    case 'lock':
      return parsed;
    case 'newer':
      return refuse(
        `${shown} is of format ${parsed.format}: a newer sweetspot wrote it`,
        'update sweetspot to compare with it',
      );
    case 'conflict':
      return refuse(
        `${shown}:${parsed.line}: a merge left a conflict in it`,
        `take either side (git checkout --ours or --theirs), or write it anew: ${anew}`,
      );
    case 'malformed':
      return refuse(
        `${shown}:${parsed.line}: ${parsed.message}`,
        `take it back from version control, or write it anew: ${anew}`,
      );
  }
}

/** Puts a lock beside its study, whole or not at all; answers with what that changed, in words. */
export async function writeLock(studyFile: string, lock: Lock): Promise<string> {
  const path = lockPath(studyFile);
  const text = lockText(lock);
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return 'is as it was';
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(fresh, text);
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
  const old = before === undefined ? undefined : parseLock(before);
  return `was written: ${old?.kind === 'lock' ? changeText(old.lock, lock) : plural(lock.tasks.size, 'task')}`;
}

function changeText(before: Lock, after: Lock): string {
  let fresh = 0;
  let changed = 0;
  for (const [id, task] of after.tasks) {
    const old = before.tasks.get(id);
    if (old === undefined) fresh += 1;
    else if (
      old.key !== task.key ||
      [...task.outputs].some(([name, digest]) => old.outputs.get(name) !== digest)
    )
      changed += 1;
  }
  const gone = [...before.tasks.keys()].filter((id) => !after.tasks.has(id)).length;
  const parts = [plural(after.tasks.size, 'task'), `${changed} changed`, `${fresh} new`, `${gone} gone`];
  return parts.filter((part, i) => i === 0 || !part.startsWith('0 ')).join(', ');
}
