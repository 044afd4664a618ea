import type { Store } from '../../cache/store.ts';
import { Keyer } from '../../engine/keys/keyer.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import { assessPlan } from '../../engine/run/assess-plan.ts';
import type { RerunRequest } from '../../engine/run/rerun.ts';
import { choosePlanned } from '../choose-planned.ts';
import { exitCode } from '../exit-codes.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import type { NotReady, Prepared } from '../prepare.ts';
import { commandIn } from '../study-record/recorded-command.ts';

type Standing = RerunRequest['standing'] extends ReadonlyMap<TaskId, infer S> ? S : never;

export interface ChosenReruns {
  readonly kind: 'chosen';
  /** In the plan's order. */
  readonly tasks: readonly TaskId[];
  /** Tasks that were named and have no result to compare with. */
  readonly notCached: number;
  /** Every result of the study that stands. `madeOn`: the class of device, where that is known. */
  readonly standing: ReadonlyMap<TaskId, Standing & { readonly madeOn: string | undefined }>;
  readonly keyer: Keyer;
}

/** The tasks whose results stand, of those that the addresses name, or so many of them by chance. */
export async function chooseRerun(request: {
  readonly ready: Prepared;
  readonly addresses: readonly string[];
  readonly sample: number | undefined;
  readonly io: Io;
}): Promise<ChosenReruns | NotReady> {
  const { ready, addresses, sample, io } = request;
  const { plan, registry, store } = ready;
  const named = choosePlanned({ plan, only: addresses, io });
  if (named === 'unmatched') return { kind: 'exit', code: exitCode.usage };
  const keyer = new Keyer({ plan, registry, store, signal: new AbortController().signal });
  const only = named === undefined ? {} : { only: named };
  const assessment = await assessPlan({ plan, registry, store, deviceClass: '', keyer, ...only });
  for (const { task, message, hint } of assessment.problems) complain(io, `${task}: ${message}`, hint);

  const wanted = [...plan.tasks.keys()].filter((id) => named?.has(id) !== false);
  const standing = new Map<TaskId, Standing & { readonly madeOn: string | undefined }>();
  for (const { task, key, outputs } of assessment.tasks.values()) {
    if (key === undefined || outputs === undefined) continue;
    standing.set(task, { key, outputs, madeOn: await madeOn(store, key) });
  }
  const cached = wanted.filter((id) => standing.has(id));
  if (cached.length === 0) {
    complain(io, 'there is no result to compare with', `make some: ${commandIn(io.cwd, ready)}`);
    return { kind: 'exit', code: assessment.problems.length > 0 ? exitCode.machine : exitCode.usage };
  }
  const tasks = sample === undefined ? cached : someOf(cached, sample);
  return { kind: 'chosen', tasks, notCached: wanted.length - cached.length, standing, keyer };
}

async function madeOn(store: Store, key: Standing['key']): Promise<string | undefined> {
  const found = await store.actions.get(key);
  return found.kind === 'found' ? found.result.provenance.deviceClass : undefined;
}

/** So many by chance, in their order. */
function someOf<T>(all: readonly T[], count: number): readonly T[] {
  let missing = Math.min(count, all.length);
  return all.filter((_, index) => {
    const isTaken = Math.random() * (all.length - index) < missing;
    if (isTaken) missing -= 1;
    return isTaken;
  });
}
