import { readFile } from 'node:fs/promises';
import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { taskId } from '../../engine/plan/plan.ts';
import { runFolder, taskLogFile } from '../../engine/run/run-folder.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import type { RunChoiceFlags } from '../flags.ts';

/** What a task said: of this run where it ran here, else of the run that made its result. */
export async function logCommand(request: {
  readonly address: string;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { io } = request;
  const chosen = await chooseRecorded(request);
  if (chosen.kind === 'exit') return chosen.code;
  const folder = runFolder(chosen.store.runsDir, chosen.run.record.run);
  let shown = 0;
  for (const task of chosen.tasks) {
    const text =
      (await readFile(taskLogFile(folder, taskId(task.task)), 'utf8').catch(() => undefined)) ??
      (await storedLog(chosen.store, task.key));
    if (text === undefined) continue;
    if (chosen.tasks.length > 1) io.out.write(`${shown > 0 ? '\n' : ''}== ${task.task}\n`);
    io.out.write(text);
    shown += 1;
  }
  if (shown > 0) return exitCode.done;
  complain(
    io,
    `nothing was logged for '${request.address}'`,
    'the task may not have run yet: sweetspot status',
  );
  return exitCode.usage;
}

async function storedLog(store: Store, key: TaskKey | undefined): Promise<string | undefined> {
  if (key === undefined) return undefined;
  const found = await store.actions.get(key);
  const log = found.kind === 'found' ? found.result.provenance.log : undefined;
  const blob = log === undefined ? undefined : await store.blobs.read(log);
  return blob?.kind === 'found' ? new TextDecoder().decode(blob.bytes) : undefined;
}
