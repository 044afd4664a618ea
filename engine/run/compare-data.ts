import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import type { IndexedFile } from '../../cache/file-index.ts';
import type { PlannedData } from '../plan/plan.ts';
import { compareActions } from './compare-actions.ts';
import type { Difference } from './compare-actions.ts';
import { dataListName, shortDigest } from './data-lists.ts';
import type { ListedFile } from './data-lists.ts';
import { runNames } from './journal.ts';
import { runFolder } from './run-folder.ts';

/** How a data set (or a part of it) is no longer what it was. */
export interface DataComparison {
  readonly data: string;
  readonly part: string | undefined;
  /** Fields of its declaration: adapter, options. Empty where the declaration is the same, or was not recorded. */
  readonly settings: readonly Difference[];
  /** Undefined where no run kept the list of its files as they were. */
  readonly files: FilesCompared | undefined;
}

export interface FilesCompared {
  readonly before: number;
  readonly after: number;
  readonly added: FileNames;
  readonly removed: FileNames;
  readonly changed: FileNames;
}

export interface FileNames {
  readonly count: number;
  /** The first in order, at most `mostNames`. */
  readonly first: readonly string[];
}

const mostNames = 5;
/** How many runs back a list of files is looked for. */
const mostRuns = 500;

/** What became of a data set between two digests of it. */
export async function compareData(request: {
  readonly runsDir: string;
  readonly before: { readonly digest: string; readonly declared: Partial<PlannedData> | undefined };
  readonly after: { readonly declared: PlannedData; readonly files: readonly IndexedFile[] };
  readonly part: string | undefined;
}): Promise<DataComparison> {
  const { before, after, part, runsDir } = request;
  const { name, adapter, options } = after.declared;
  const declared = before.declared;
  const settings =
    declared?.adapter === undefined
      ? []
      : compareActions(
          { adapter: declared.adapter, options: declared.options ?? {} },
          { adapter, options },
          {},
        );
  const list = await findList(runsDir, before.digest);
  return {
    data: name,
    part,
    settings,
    files: list === undefined ? undefined : compareFiles(list, after.files),
  };
}

/** By content; the lists may be long, and are gone through once each. */
export function compareFiles(
  before: readonly ListedFile[],
  after: readonly { readonly path: string; readonly sha256: Digest }[],
): FilesCompared {
  const was = new Map(before.map((file) => [file.path, file.sha256]));
  const added: string[] = [];
  const changed: string[] = [];
  for (const { path, sha256 } of after) {
    const known = was.get(path);
    if (known === undefined) added.push(path);
    else if (known !== shortDigest(sha256)) changed.push(path);
    was.delete(path);
  }
  return {
    before: before.length,
    after: after.length,
    added: namesOf(added),
    removed: namesOf([...was.keys()]),
    changed: namesOf(changed),
  };
}

function namesOf(paths: readonly string[]): FileNames {
  return { count: paths.length, first: paths.toSorted().slice(0, mostNames) };
}

/** The files that made up a digest, as a run that computed with them listed them. */
async function findList(runsDir: string, digest: string): Promise<readonly ListedFile[] | undefined> {
  for (const run of (await runNames(runsDir)).slice(0, mostRuns)) {
    try {
      const text = await readFile(join(runFolder(runsDir, run).dataDir, dataListName(digest)), 'utf8');
      const files = JSON.parse(text) as readonly ListedFile[];
      // Lists of earlier versions say nothing of content.
      if (files.every((file) => typeof file.sha256 === 'string')) return files;
    } catch {
      // This run did not compute with it.
    }
  }
  return undefined;
}
