import { matchTasks } from '../engine/plan/address.ts';
import type { Plan, TaskId } from '../engine/plan/plan.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';

/** The tasks of a plan that `--only` names: undefined without addresses, `unmatched` once every wrong one has been said. */
export function choosePlanned(request: {
  readonly plan: Plan;
  readonly only: readonly string[];
  readonly io: Io;
}): ReadonlySet<TaskId> | undefined | 'unmatched' {
  const { plan, only, io } = request;
  if (only.length === 0) return undefined;
  const chosen = new Set<TaskId>();
  let unmatched = false;
  for (const address of only) {
    const match = matchTasks(plan, address);
    if (match.kind === 'matched') for (const task of match.tasks) chosen.add(task.id);
    else {
      complain(io, `--only ${address}: ${match.message}`, match.hint);
      unmatched = true;
    }
  }
  return unmatched ? 'unmatched' : chosen;
}
