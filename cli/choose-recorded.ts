import type { Store } from '../cache/store.ts';
import { matchAddress } from '../engine/plan/address.ts';
import { exitCode } from './exit-codes.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';
import type { NotReady } from './prepare.ts';
import { prepareStore } from './prepare.ts';
import type { RunChoiceFlags, StoreFlags } from './flags.ts';
import { recordedRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import type { RecordedTask } from '../engine/run/recorded-tasks.ts';

export interface Chosen {
  readonly kind: 'chosen';
  readonly store: Store;
  readonly run: RecordedRun;
  readonly tasks: readonly RecordedTask[];
}

/** The tasks of a recorded run that an address names, or the error said. */
export async function chooseRecorded(request: {
  readonly address: string;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
}): Promise<Chosen | NotReady> {
  const { address, flags, io } = request;
  const found = await chooseRun({ run: flags.run, flags, io });
  if (found.kind === 'exit') return found;
  const { store, run } = found;
  const matched = matchAddress([...run.tasks.values()], address);
  if (matched.kind === 'unmatched') {
    complain(io, matched.message, matched.hint);
    return { kind: 'exit', code: exitCode.usage };
  }
  return { kind: 'chosen', store, run, tasks: matched.tasks };
}

/** The run of that name, or the latest, or the error said. */
export async function chooseRun(request: {
  readonly run: string | undefined;
  readonly flags: StoreFlags;
  readonly io: Io;
}): Promise<{ readonly kind: 'run'; readonly store: Store; readonly run: RecordedRun } | NotReady> {
  const { flags, io } = request;
  const ready = await prepareStore({ flags, io });
  if (ready.kind === 'exit') return ready;
  const run = await recordedRun(ready.store, request.run);
  if (run !== undefined) return { kind: 'run', store: ready.store, run };
  complain(
    io,
    request.run === undefined ? 'no run is recorded here' : `there is no run '${request.run}'`,
    'sweetspot ls shows the runs; sweetspot run STUDY makes one',
  );
  return { kind: 'exit', code: exitCode.usage };
}
