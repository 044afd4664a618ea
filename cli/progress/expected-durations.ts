import type { Store } from '../../cache/store.ts';
import type { PlannedTask } from '../../engine/plan/plan.ts';
import { readDurations } from '../../engine/run/durations.ts';

/** Task name -> mean time of an instance, from what like tasks took in earlier runs of this store. */
export async function expectedDurations(
  store: Store,
  tasks: readonly PlannedTask[],
  deviceClass: string,
): Promise<ReadonlyMap<string, number>> {
  const durations = await readDurations(store);
  const sums = new Map<string, { count: number; totalMs: number }>();
  for (const { name, kind, traits } of tasks) {
    const ms = durations.estimate({ kind, traits, deviceClass });
    if (ms === undefined) continue;
    const { count, totalMs } = sums.get(name) ?? { count: 0, totalMs: 0 };
    sums.set(name, { count: count + 1, totalMs: totalMs + ms });
  }
  return new Map([...sums].map(([name, { count, totalMs }]) => [name, totalMs / count]));
}
