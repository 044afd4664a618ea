import type { Store } from '../cache/store.ts';
import { matchAddress } from '../engine/plan/address.ts';
import type { AddressMatch } from '../engine/plan/address.ts';
import { findRun } from '../engine/run/find-run.ts';
import { readRunAbout, runNames } from '../engine/run/journal.ts';
import type { RecordedTask } from '../engine/run/recorded-tasks.ts';
import { nearest } from '../engine/study/nearest.ts';
import { exitCode } from './exit-codes.ts';
import { colours, complain, tell } from './io.ts';
import type { Io } from './io.ts';
import type { NotReady } from './prepare.ts';
import { prepareStore } from './prepare.ts';
import type { RunChoiceFlags, StoreFlags } from './flags.ts';
import { shownPath } from './workspace.ts';
import type { Workspace } from './workspace.ts';
import { recordedRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';

export interface Chosen {
  readonly kind: 'chosen';
  readonly store: Store;
  readonly workspace: Workspace;
  readonly run: RecordedRun;
  readonly tasks: readonly RecordedTask[];
}

interface ChosenRun {
  readonly kind: 'run';
  readonly store: Store;
  readonly workspace: Workspace;
  readonly run: RecordedRun;
}

/** How many runs are gone back through for an address that the latest one does not have. */
const mostRunsBack = 20;
/** How many names are listed where several could be meant. */
const mostListed = 5;

/** The tasks of a recorded run that an address names (of the newest run that has it, where none is named), or the error said. */
export async function chooseRecorded(request: {
  /** Undefined for every task. */
  readonly address: string | undefined;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
  /** Whether the bytes of what they made will be read: then remotes are asked for what the store lacks. */
  readonly asksRemotes?: boolean;
}): Promise<Chosen | NotReady> {
  const { address, flags, io, asksRemotes = false } = request;
  const found = await chooseRun({ run: flags.run, flags, io, asksRemotes });
  if (found.kind === 'exit') return found;
  const { store, workspace, run } = found;
  if (address === undefined) return { kind: 'chosen', store, workspace, run, tasks: [...run.tasks.values()] };
  const matched = matchIn(run, address);
  if (matched.kind === 'matched') return { kind: 'chosen', store, workspace, run, tasks: matched.tasks };
  const earlier = flags.run === undefined ? await inEarlierRun(store, run, address) : undefined;
  if (earlier === undefined) {
    complain(io, matched.message, matched.hint);
    return { kind: 'exit', code: exitCode.usage };
  }
  const { record } = earlier.run;
  tell(io, colours.dim(`of run ${record.run} (${record.study}), the newest that has ${address}`));
  return { kind: 'chosen', store, workspace, ...earlier };
}

function matchIn(run: RecordedRun, address: string): AddressMatch<RecordedTask> {
  return matchAddress([...run.tasks.values()], address);
}

/** Another study may have run since. */
async function inEarlierRun(
  store: Store,
  latest: RecordedRun,
  address: string,
): Promise<Pick<Chosen, 'run' | 'tasks'> | undefined> {
  const names = await runNames(store.runsDir);
  for (const name of names.filter((each) => each < latest.record.run).slice(0, mostRunsBack)) {
    const run = await recordedRun(store, name);
    const matched = run === undefined ? undefined : matchIn(run, address);
    if (run !== undefined && matched?.kind === 'matched') return { run, tasks: matched.tasks };
  }
  return undefined;
}

/** The run that is meant (`last`, a name, its beginning or end, or a study's newest), or the latest, or the error said. */
export async function chooseRun(request: {
  readonly run: string | undefined;
  readonly flags: StoreFlags;
  readonly io: Io;
  readonly asksRemotes?: boolean;
}): Promise<ChosenRun | NotReady> {
  const { flags, io, asksRemotes = false } = request;
  const ready = await prepareStore({ flags, io, asksRemotes });
  if (ready.kind === 'exit') return ready;
  const said = request.run ?? 'last';
  const found = await findRun(ready.store.runsDir, said);
  const run = found.kind === 'found' ? await recordedRun(ready.store, found.run) : undefined;
  for (const path of run?.damaged ?? [])
    tell(
      io,
      `${path} is damaged; what else is recorded of that run is told (sweetspot cache verify mends it)`,
    );
  if (run !== undefined) return { kind: 'run', store: ready.store, workspace: ready.workspace, run };
  if (found.kind === 'ambiguous') {
    const more = found.runs.length > mostListed ? ', …' : '';
    complain(
      io,
      `'${said}' could be any of ${found.runs.length} runs`,
      `say more of it: ${found.runs.slice(0, mostListed).join(', ')}${more}`,
    );
  } else if (found.kind === 'none') {
    complain(
      io,
      `no run is recorded in ${shownPath(ready.store.root, io.cwd)}`,
      'sweetspot run STUDY makes one; --cache DIR names another store',
    );
  } else {
    complain(io, `there is no run '${said}'`, await runHint(said, ready.store.runsDir));
  }
  return { kind: 'exit', code: exitCode.usage };
}

async function runHint(said: string, runsDir: string): Promise<string> {
  const known = new Set(['last']);
  for (const run of await runNames(runsDir)) {
    const about = await readRunAbout(runsDir, run);
    if (about !== undefined) known.add(about.study).add(run);
  }
  const meant = nearest(said, known);
  const ways = "sweetspot ls shows the runs; the beginning or the end of a name, or a study's name, will do";
  return meant === undefined ? ways : `did you mean ${meant}? ${ways}`;
}
