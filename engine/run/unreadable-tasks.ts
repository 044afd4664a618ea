import type { Registry } from '../contract/registry.ts';
import type { IdentifiedData } from '../keys/data-identity.ts';
import type { Keyer } from '../keys/keyer.ts';
import { isAbsent, whyUnreadable } from '../keys/recorded-data.ts';
import type { Plan, TaskId } from '../plan/plan.ts';

interface Looking {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly keyer: Keyer;
}

/** Of tasks that have to run, those that read what is not on this machine, and why they cannot: their keys may be known all the same. */
export async function unreadableTasks(
  looking: Looking,
  tasks: Iterable<TaskId>,
): Promise<ReadonlyMap<TaskId, NonNullable<ReturnType<typeof whyUnreadable>>>> {
  const unreadable = new Map<TaskId, NonNullable<ReturnType<typeof whyUnreadable>>>();
  for (const task of tasks) {
    const data = await absentDataOf(task, looking);
    const why = whyUnreadable({ data, absentFiles: looking.keyer.absentFilesOf(task) });
    if (why !== undefined) unreadable.set(task, why);
  }
  return unreadable;
}

async function absentDataOf(
  task: TaskId,
  { plan, registry, keyer }: Looking,
): Promise<readonly IdentifiedData[]> {
  const absent: IdentifiedData[] = [];
  for (const input of Object.values(plan.tasks.get(task)?.inputs ?? {})) {
    const data = input.kind === 'data' ? plan.data.get(input.data) : undefined;
    const adapter = registry.adapters.find((each) => each.adapter === data?.adapter);
    if (input.kind !== 'data' || data === undefined || adapter === undefined) continue;
    const identified = isAbsent(data, adapter) ? await keyer.identify(input.data, input.part) : undefined;
    if (identified?.kind === 'identified') absent.push(identified);
  }
  return absent;
}
