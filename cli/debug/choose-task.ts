import type { JsonObject } from '../../cache/json.ts';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { Keyer } from '../../engine/keys/keyer.ts';
import type { KeyedTask, OutputLookup } from '../../engine/keys/keyer.ts';
import { whyUnreadable } from '../../engine/keys/recorded-data.ts';
import type { Plan, PlannedTask } from '../../engine/plan/plan.ts';
import { taskId } from '../../engine/plan/plan.ts';
import { thawPlan } from '../../engine/plan/thaw-plan.ts';
import { compareActions } from '../../engine/run/compare-actions.ts';
import type { Difference } from '../../engine/run/compare-actions.ts';
import { readRun } from '../../engine/run/journal.ts';
import type { RecordedTask } from '../../engine/run/recorded-tasks.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { DebugFlags } from '../flags.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import type { NotReady } from '../prepare.ts';
import { registry } from '../registry.ts';
import { recordedCommand } from '../study-record/recorded-command.ts';

const mostNamed = 5;

/** One task of a recorded run, with the key that it has on this machine now. */
export interface DebuggedTask {
  readonly kind: 'task';
  readonly store: Store;
  readonly run: string;
  /** Makes the run's plan again and runs it. */
  readonly study: string | undefined;
  readonly plan: Plan;
  readonly task: PlannedTask;
  readonly recorded: RecordedTask;
  readonly outputOf: OutputLookup;
  readonly keyed: KeyedTask;
  /** In what its key is no longer that of the run: a script, a version or data set that has changed since. */
  readonly changed: readonly Difference[];
}

/** The one task that an address names, keyed; or what is in the way, said. */
export async function chooseDebugged(request: {
  readonly address: string;
  readonly flags: DebugFlags;
  readonly io: Io;
}): Promise<DebuggedTask | NotReady> {
  const { address, io } = request;
  const chosen = await chooseRecorded({ ...request, asksRemotes: true });
  if (chosen.kind === 'exit') return chosen;
  const { store, workspace, tasks } = chosen;
  const { run } = chosen.run.record;
  const [recorded, ...others] = tasks;
  if (recorded === undefined || others.length > 0) {
    const named = tasks.slice(0, mostNamed).map(({ task }) => task);
    return refuse(
      io,
      `'${address}' names ${tasks.length} tasks; debug runs one`,
      `name one of them: ${named.join('  ')}${tasks.length > mostNamed ? '  …' : ''}`,
    );
  }
  const frozen = await readRun(store.runsDir, run);
  const plan = frozen === undefined ? undefined : thawPlan(frozen.plan);
  const task = plan?.tasks.get(taskId(recorded.task));
  if (plan === undefined || task === undefined) {
    return refuse(
      io,
      `run ${run} does not say how ${recorded.task} was planned`,
      'run the study again, and debug that run',
    );
  }
  const outputOf: OutputLookup = (from, output) => chosen.run.tasks.get(from)?.outputs[output];
  const signal = new AbortController().signal;
  const keyed = await new Keyer({ plan, registry, store, signal }).key(task, outputOf);
  switch (keyed.kind) {
    case 'keyed': {
      const unreadable = whyUnreadable({ data: keyed.data.values(), absentFiles: keyed.absentFiles });
      if (unreadable === undefined) break;
      return refuse(io, `${task.id}: ${unreadable.message}`, unreadable.hint, exitCode.machine);
    }
    case 'waiting':
      return refuse(
        io,
        `${task.id} reads what ${keyed.producer} makes, and that has no result in run ${run}`,
        `debug that first: sweetspot debug ${keyed.producer}`,
      );
    case 'unusable':
      return refuse(io, `${task.id}: ${keyed.message}`, keyed.hint, exitCode.machine);
    case 'store-failure':
      return refuse(io, `${keyed.path}: ${keyed.detail}`, undefined, exitCode.machine);
  }
  const changed = await changesSince(recorded.key, keyed, { store, task });
  const study = await recordedCommand({ store, run: chosen.run, workspace, cwd: io.cwd });
  return { kind: 'task', store, run, study, plan, task, recorded, outputOf, keyed, changed };
}

async function changesSince(
  before: TaskKey | undefined,
  { keyed }: KeyedTask,
  { store, task }: { readonly store: Store; readonly task: PlannedTask },
): Promise<readonly Difference[]> {
  if (before === undefined || before === keyed.key) return [];
  const read = await store.blobs.read(before as string as Digest);
  // The action of a task that failed was never stored.
  if (read.kind !== 'found') return [];
  const then = JSON.parse(Buffer.from(read.bytes).toString('utf8')) as JsonObject;
  const options = registry.kinds.find(({ kind }) => kind === task.kind)?.options ?? {};
  return compareActions(then, JSON.parse(keyed.text) as JsonObject, options);
}

function refuse(
  io: Io,
  message: string,
  hint: string | undefined,
  code: ExitCode = exitCode.usage,
): NotReady {
  complain(io, message, hint);
  return { kind: 'exit', code };
}
