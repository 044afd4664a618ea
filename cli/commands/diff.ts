import { readAction } from '../../engine/keys/read-action.ts';
import { compareRuns } from '../../engine/run/compare-runs.ts';
import { chooseRun } from '../choose-recorded.ts';
import { compareScores } from '../diff/compare-scores.ts';
import { diffLines } from '../diff/diff-text.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { DiffFlags } from '../flags.ts';
import { say } from '../io.ts';
import type { Io } from '../io.ts';
import type { DiffDocument } from '../json-output.ts';
import { jsonFormat } from '../json-format.ts';
import { registry } from '../registry.ts';
import { sayDocument } from '../say-json.ts';

/** What changed from one run to another: in the study, and in its scores. */
export async function diffCommand(request: {
  readonly runs: readonly [before: string, after: string];
  readonly flags: DiffFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const [first, second] = request.runs;
  const before = await chooseRun({ run: first, flags, io });
  if (before.kind === 'exit') return before.code;
  const after = await chooseRun({ run: second, flags, io });
  if (after.kind === 'exit') return after.code;
  const { store } = after;
  const [one, other] = [
    { ...before.run, store },
    { ...after.run, store },
  ];
  const runs = await compareRuns({
    ...{ before: one, after: other, registry },
    readAction: (key) => readAction(store, key),
  });
  const scores = await compareScores({ before: one, after: other });
  if (flags.json === true) {
    const named = ({ run: { record } }: typeof before): DiffDocument['before'] => ({
      run: record.run,
      study: record.study,
    });
    const changes = scores.changes.map((change) => ({
      ...change,
      before: change.before ?? null,
      after: change.after ?? null,
    }));
    sayDocument(io, {
      ...{ format: jsonFormat, kind: 'diff' as const, before: named(before), after: named(after) },
      study: runs,
      scores: { ...scores, changes },
    });
  } else {
    const width = io.out.isTTY ? Math.max(40, io.out.columns - 1) : Infinity;
    const lines = diffLines(
      { before: before.run, after: after.run, runs, scores },
      { width, all: flags.all === true },
    );
    say(io, lines.join('\n'));
  }
  return exitCode.done;
}
