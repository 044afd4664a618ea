import type { Store } from '../../cache/store.ts';
import type { Plan, PlannedTask } from '../../engine/plan/plan.ts';
import { readDurations } from '../../engine/run/durations.ts';
import { namedDurations } from '../../engine/run/named-durations.ts';

/** Task name -> mean time of an instance, from what like tasks took in earlier runs of this store. */
export async function expectedDurations(request: {
  readonly store: Store;
  /** The study that they are of. */
  readonly plan: Pick<Plan, 'study' | 'file' | 'tasks'>;
  readonly tasks: readonly PlannedTask[];
  readonly deviceClass: string;
  /** A run whose own times are known already. */
  readonly except?: string;
}): Promise<ReadonlyMap<string, number>> {
  const { store, tasks, deviceClass } = request;
  const durations = await readDurations(store);
  const named = await namedDurations({ ...request, runsDir: store.runsDir });
  const sums = new Map<string, { count: number; totalMs: number }>();
  for (const { name, kind, traits } of tasks) {
    const ms = named({ name, traits }) ?? durations.estimate({ kind, traits, deviceClass });
    if (ms === undefined) continue;
    const { count, totalMs } = sums.get(name) ?? { count: 0, totalMs: 0 };
    sums.set(name, { count: count + 1, totalMs: totalMs + ms });
  }
  return new Map([...sums].map(([name, { count, totalMs }]) => [name, totalMs / count]));
}
