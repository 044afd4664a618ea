import type { TaskId } from '../../engine/plan/plan.ts';
import type { Rerun } from '../../engine/run/rerun.ts';
import type { DifferingOutput, FileDifference } from '../../engine/worker/protocol.ts';
import { colours, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import type { RerunDocument } from '../json-output.ts';
import { failureText } from '../progress/event-line.ts';
import { formatBytes, formatDuration, plural } from '../progress/duration.ts';
import { taskCommand } from '../study-record/study-command.ts';

/** One task, as soon as it is known. */
export function sayRerun(
  {
    task,
    result,
    madeOn,
    study,
  }: {
    readonly task: TaskId;
    readonly result: Rerun;
    readonly madeOn: string | undefined;
    /** Runs the study. */
    readonly study: string;
  },
  io: Io,
): void {
  switch (result.kind) {
    case 'compared': {
      const { differing, deviceClass, durationMs } = result;
      if (differing.length === 0) {
        tell(io, `${colours.green('✓')} ${task}  ${colours.dim(formatDuration(durationMs))}`);
        return;
      }
      say(io, `${colours.red('✗')} ${colours.bold(task)}  ${verdict(madeOn, deviceClass)}`);
      for (const output of differing) for (const line of outputLines(output)) say(io, `    ${line}`);
      return;
    }
    case 'failed':
      say(io, `${colours.red('✗')} ${colours.bold(task)}  failed this time: ${failureText(result.failure)}`);
      return;
    case 'inputs-missing':
      say(
        io,
        `${colours.yellow('!')} ${task}  not run: bytes that it reads are not in the store any more (${taskCommand(study, task)} makes them again)`,
      );
      return;
    case 'not-run':
  }
}

/** Other hardware may well give other last digits; only on the same is the task to blame. */
function verdict(madeOn: string | undefined, ranOn: string): string {
  return madeOn === undefined || madeOn === ranOn
    ? 'is not deterministic: the same inputs gave other bytes'
    : `differs, made on ${madeOn} and now on ${ranOn}: --slots chooses the same device`;
}

function outputLines({ output, recorded, made, firstFile }: DifferingOutput): readonly string[] {
  const lines = [`${output}  recorded  ${recorded}`, `${' '.repeat(output.length)}  now       ${made}`];
  return firstFile === undefined
    ? [...lines, 'what was recorded is not in the store any more: no file to compare']
    : [...lines, `first file that differs: ${fileText(firstFile)}`];
}

function fileText({ path, how, recordedBytes = 0, madeBytes = 0 }: FileDifference): string {
  switch (how) {
    case 'added':
      return `${path} (was not there, now ${formatBytes(madeBytes)})`;
    case 'missing':
      return `${path} (recorded ${formatBytes(recordedBytes)}, is not there now)`;
    case 'changed':
      return `${path} (recorded ${formatBytes(recordedBytes)}, now ${formatBytes(madeBytes)})`;
  }
}

export function sayOutcome({ counts }: RerunDocument, io: Io): void {
  const ran = counts.same + counts.differs + counts.failed;
  const parts = [
    counts.differs > 0 ? `${counts.differs} gave other bytes` : '',
    counts.failed > 0 ? `${counts.failed} failed` : '',
    `${counts.same} gave the same`,
    counts.inputsMissing > 0 ? `${counts.inputsMissing} not run, for want of inputs` : '',
    counts.notRun > 0 ? `${counts.notRun} not run` : '',
    counts.notCached > 0 ? `${counts.notCached} without a result to compare with` : '',
  ];
  say(io, `${plural(ran, 'task')} run again: ${parts.filter((part) => part !== '').join(', ')}`);
  if (counts.differs > 0) say(io, 'the recorded results stand; nothing was published');
}
