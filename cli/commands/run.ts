import { detachedRunVariable } from '../../engine/run/detached-variable.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { RunFlags } from '../flags.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import { formatLine, sayLine } from '../say-json.ts';
import { answerSettled } from '../settled-study.ts';

interface RunRequest {
  readonly file: string;
  readonly flags: RunFlags;
  readonly io: Io;
}

/** Runs a study to its report. */
export async function runCommand(request: RunRequest): Promise<ExitCode> {
  const { flags, io } = request;
  const clash = clashOf(flags);
  if (clash !== undefined) {
    complain(io, clash);
    return exitCode.usage;
  }
  if (flags.dryRun === true) return (await import('./plan.ts')).planCommand(request);
  if (flags.json !== true) return run(request);
  sayLine(io, formatLine());
  const code = await run(request);
  sayLine(io, { kind: 'exit', code });
  return code;
}

/** What plans and runs is loaded when there is something to do. */
async function run(request: RunRequest): Promise<ExitCode> {
  // Of a driver in a job the run has been announced, and is to be recorded as that.
  if (request.io.env[detachedRunVariable] !== undefined)
    return (await import('../run-study.ts')).runStudy({ ...request, notes: [] });
  const answer = await answerSettled(request);
  if (answer.kind === 'answered') return answer.code;
  return (await import('../run-study.ts')).runStudy({ ...request, notes: answer.notes });
}

/** Options that contradict each other, in words. */
function clashOf(flags: RunFlags): string | undefined {
  if (flags.detach === true && flags.dryRun === true) return '--dry-run runs nothing: leave out --detach';
  if (flags.locked === true && flags.writeLock === true)
    return '--locked compares with the lock and --write-lock replaces it: choose one';
  if (flags.writeLock === true && flags.only.length > 0)
    return '--write-lock writes down the whole study: leave out --only';
  const lock = flags.locked === true ? '--locked' : flags.writeLock === true ? '--write-lock' : undefined;
  if (lock === undefined) return undefined;
  if (flags.smoke === true) return `${lock} is about the study's own results: leave out --smoke`;
  if (flags.dryRun === true)
    return `${lock} needs results: leave out --dry-run (sweetspot lock --check runs nothing)`;
  return undefined;
}
