import { resolve } from 'node:path';
import { readAction } from '../../engine/keys/read-action.ts';
import { compareRuns } from '../../engine/run/compare-runs.ts';
import { chooseRun } from '../choose-recorded.ts';
import { compareScores } from '../diff/compare-scores.ts';
import { diffDocument } from '../diff/diff-document.ts';
import { textLines } from '../diff/diff-text.ts';
import { LaidOutArtifacts } from '../diff/laid-out.ts';
import { resultCounts } from '../diff/study-changes.ts';
import type { StoredRun } from '../diff/write-page.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { DiffFlags } from '../flags.ts';
import { complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { registry } from '../registry.ts';
import { sayDocument } from '../say-json.ts';
import { shownPath } from '../workspace.ts';

/** What changed from one run to another: in the study, and in its scores. */
export async function diffCommand(request: {
  readonly runs: readonly [before: string, after: string];
  readonly flags: DiffFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const [first, second] = request.runs;
  const other = flags.beforeCache === undefined ? flags : { ...flags, cache: flags.beforeCache };
  const before = await chooseRun({ run: first, flags: other, io });
  if (before.kind === 'exit') return before.code;
  const after = await chooseRun({ run: second, flags, io });
  if (after.kind === 'exit') return after.code;
  const fresh = await LaidOutArtifacts.open(after.store);
  const isOneStore = before.store.root === after.store.root;
  const old = isOneStore ? fresh : await LaidOutArtifacts.open(before.store);
  try {
    return await compare({
      ...{ flags, io },
      before: { ...before, laidOut: old },
      after: { ...after, laidOut: fresh },
    });
  } finally {
    await fresh.close();
    if (!isOneStore) await old.close();
  }
}

async function compare(compared: {
  readonly before: StoredRun;
  readonly after: StoredRun;
  readonly flags: DiffFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { before, after, flags, io } = compared;
  const runs = await compareRuns({
    ...{ before: before.run, after: after.run, registry },
    readAction: async (key) => (await readAction(after.store, key)) ?? readAction(before.store, key),
  });
  const scores = await compareScores({
    before: { ...before.run, laidOut: before.laidOut },
    after: { ...after.run, laidOut: after.laidOut },
  });
  const results = resultCounts({ before: before.run, after: after.run, runs });
  const told = { before: before.run, after: after.run, runs, scores, results };
  if (flags.json === true) sayDocument(io, diffDocument(told));
  else {
    const width = io.out.isTTY ? Math.max(40, io.out.columns - 1) : Infinity;
    say(io, textLines(told, { width, all: flags.all === true }).join('\n'));
  }
  if (flags.page === undefined) return exitCode.done;
  const file = resolve(io.cwd, flags.page);
  // Drawing charts is loaded for those who want them.
  const { writeDiffPage } = await import('../diff/write-page.ts');
  const failure = await writeDiffPage({ before, after, runs, file });
  if (failure !== undefined) {
    complain(io, `the page cannot be written: ${failure.detail}`, '--page FILE names another file');
    return exitCode.machine;
  }
  tell(io, `page: ${shownPath(file, io.cwd)}`);
  return exitCode.done;
}
