import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoreFailure } from '../../cache/failures.ts';
import { guarded } from '../../cache/system-error.ts';
import { madeOn } from '../../engine/lock/made-on.ts';
import type { RunComparison } from '../../engine/run/compare-runs.ts';
import type { Store } from '../../cache/store.ts';
import { comparePage } from '../../tasks/report/compare/page.ts';
import type { ComparedSide, NamedCount } from '../../tasks/report/compare/study-changes.ts';
import { plural } from '../progress/duration.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { runState } from '../run-state.ts';
import type { LaidOutArtifacts } from './laid-out.ts';
import { readRunStudy } from './run-study.ts';
import type { RunStudy } from './run-study.ts';
import { studyChanges } from './study-changes.ts';
import { changedTexts, studyFiles } from './study-texts.ts';

/** A run in the store that it is recorded in. */
export interface StoredRun {
  readonly run: RecordedRun;
  readonly store: Store;
  readonly laidOut: LaidOutArtifacts;
}

/** Writes the page of two runs to `file`, in place of what is there. */
export async function writeDiffPage(request: {
  readonly before: StoredRun;
  readonly after: StoredRun;
  readonly runs: RunComparison;
  readonly file: string;
}): Promise<StoreFailure | undefined> {
  const { before, after, runs, file } = request;
  const [one, other] = [await readSide(before), await readSide(after)];
  const page = comparePage({
    ...{ before: one.side, after: other.side },
    studies: { before: one.read.study, after: other.read.study },
    changes: studyChanges({
      ...{ before: before.run, after: after.run, runs },
      texts: changedTexts(one.files, other.files),
    }),
    remarks: [...remarksOf('first', one.read), ...remarksOf('second', other.read)],
  });
  const fresh = `${file}.${process.pid}.part`;
  return guarded(file, async () => {
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(fresh, page);
      await rename(fresh, file);
      return undefined;
    } finally {
      await rm(fresh, { force: true }).catch(() => undefined);
    }
  });
}

interface Side {
  readonly side: ComparedSide;
  readonly read: RunStudy;
  readonly files: Awaited<ReturnType<typeof studyFiles>>;
}

async function readSide({ run, store, laidOut }: StoredRun): Promise<Side> {
  const read = await readRunStudy({ ...run, laidOut });
  return {
    read,
    files: await studyFiles(store.runsDir, run.record.run),
    side: {
      study: run.record.study,
      run: run.record.run,
      state: runState(run.record),
      unfinished: countsOf(read.absent.map(({ name }) => name)),
      madeOn: await madeOnOf(store, run),
    },
  };
}

function countsOf(names: readonly string[]): readonly NamedCount[] {
  return [...new Set(names)].map((name) => ({ name, count: names.filter((each) => each === name).length }));
}

/** What the run's results were made on, whoever made them. */
async function madeOnOf(store: Store, run: RecordedRun): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { key, state } of run.tasks.values()) {
    if (key === undefined || (state !== 'done' && state !== 'cached')) continue;
    const result = await store.actions.get(key);
    if (result.kind === 'found' && result.result.provenance.backend !== 'none')
      found.add(madeOn(result.result.provenance));
  }
  return [...found].sort();
}

function remarksOf(which: string, { gone, hasDecided, study }: RunStudy): readonly string[] {
  return [
    ...(gone.length === 0
      ? []
      : [
          `Of the ${which} run, ${plural(gone.length, 'result')} could not be read: the bytes are no longer in the store.`,
        ]),
    ...(hasDecided || study.decisions.length === 0
      ? []
      : [
          `The ${which} run has no result of \`sweet-spots\`: its sweet spots were decided here by that task's defaults.`,
        ]),
    ...study.sources.remarks,
  ];
}
