import { listRuns } from '../../engine/run/journal.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { columns, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepareStore } from '../prepare.ts';
import type { StoreFlags } from '../flags.ts';
import { runState } from '../run-state.ts';
import { shownPath } from '../workspace.ts';

/** The runs recorded in the store, newest first. */
export async function lsCommand(request: { readonly flags: StoreFlags; readonly io: Io }): Promise<ExitCode> {
  const { io, flags } = request;
  const ready = await prepareStore({ flags, io });
  if (ready.kind === 'exit') return ready.code;
  const runs = await listRuns(ready.store.runsDir);
  if (flags.json === true)
    say(
      io,
      JSON.stringify(
        runs.map((run) => ({ ...run, state: runState(run) })),
        null,
        2,
      ),
    );
  else if (runs.length === 0) say(io, 'no runs yet');
  else
    say(
      io,
      columns([
        ['run', 'study', 'state', 'started', 'file'],
        ...runs.map((run) => [run.run, run.study, runState(run), run.startedAt, shownPath(run.file, io.cwd)]),
      ]),
    );
  return exitCode.done;
}
