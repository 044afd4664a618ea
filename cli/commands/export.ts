import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chooseRecorded } from '../choose-recorded.ts';
import { deliveredName } from '../delivered-name.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import type { RunChoiceFlags } from '../flags.ts';
import { materialiseOver } from '../place-artifact.ts';
import { shownPath } from '../workspace.ts';

/** Copies what tasks made into a folder: `DIR/OUTPUT/…`, with several tasks `DIR/ADDRESS/OUTPUT/…`. What is there is left alone. */
export async function exportCommand(request: {
  readonly address: string;
  readonly dir: string;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { io } = request;
  const chosen = await chooseRecorded({ ...request, asksRemotes: true });
  if (chosen.kind === 'exit') return chosen.code;
  const into = resolve(io.cwd, request.dir);
  let code: ExitCode = exitCode.done;
  let copied = 0;
  for (const task of chosen.tasks) {
    for (const [output, digest] of Object.entries(task.outputs)) {
      const target =
        chosen.tasks.length === 1 ? join(into, output) : join(into, deliveredName(task.task, ''), output);
      if (existsSync(target)) {
        complain(io, `${shownPath(target, io.cwd)} is there already`, 'name another folder, or remove it');
        return exitCode.usage;
      }
      const result = await materialiseOver({ store: chosen.store, digest, dir: target });
      if (result.kind === 'materialised') {
        copied += 1;
        say(io, shownPath(target, io.cwd));
        continue;
      }
      complain(
        io,
        result.kind === 'store-failure'
          ? `${result.path}: ${result.detail}`
          : `the bytes of ${task.task}.${output} are ${result.kind === 'corrupt' ? 'damaged and were moved aside' : 'not here any more'}`,
        result.kind === 'store-failure' ? undefined : 'run the study again: what is missing is made anew',
      );
      if (code !== exitCode.machine)
        code = result.kind === 'store-failure' ? exitCode.machine : exitCode.taskFailed;
    }
  }
  if (copied === 0 && code === exitCode.done) {
    complain(
      io,
      `'${request.address}' has no outputs in run ${chosen.run.record.run}`,
      'sweetspot status shows what ran',
    );
    return exitCode.usage;
  }
  return code;
}
