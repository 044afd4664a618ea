import { readFileSync, unlinkSync } from 'node:fs';
import { namesNow } from '../../local/names-in.ts';
import { temporaryPrefix } from '../../local/temporary-file.ts';
import type { StoreFolder } from '../../store.ts';
import { errorCode } from '../../system-error.ts';
import { decodeRecords, encodeRecords, usesDir } from './use-files.ts';
import type { UseRecord } from './use-files.ts';
import { writeUseFile } from './write-use-file.ts';

/** A file is left as it is where it is so many times as large as all smaller ones: else each record would be written again and again. */
const muchLarger = 4;

/**
 * Puts records of uses together in one file. Needs no lock: files go when what they hold is on the disk elsewhere, and a record that two have
 * put together, or that somebody was killed over, stands in two files and counts once. Throws system errors.
 */
export function compactUses(folder: StoreFolder): void {
  const dir = usesDir(folder);
  const files = namesNow(dir)
    .filter((name) => !name.startsWith(temporaryPrefix))
    .map((name) => ({ name, text: textOf(`${dir}/${name}`) }))
    .toSorted((a, b) => a.text.length - b.text.length);
  const records = new Map<string, UseRecord>();
  const taken: string[] = [];
  let takenLength = 0;
  for (const { name, text } of files) {
    if (taken.length > 1 && text.length > muchLarger * takenLength) break;
    const found = decodeRecords(name, text);
    // What is damaged is left for `verify` to name.
    if (found === undefined) continue;
    for (const [of, record] of found) records.set(of, record);
    taken.push(name);
    takenLength += text.length;
  }
  if (taken.length < 2) return;
  writeUseFile(folder, encodeRecords(records), { synced: true });
  for (const name of taken) removeIfThere(`${dir}/${name}`);
}

/** Empty where somebody else has put it together with others meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
