import { stat } from 'node:fs/promises';
import type { ArchivedData } from '../../cache/archive/archived-data.ts';
import type { Keyer } from '../../engine/keys/keyer.ts';
import { namedFile } from '../../engine/keys/recorded-data.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import { withoutDefaults } from '../../engine/study/defaults.ts';
import type { Prepared } from '../prepare.ts';

/**
 * Which data some tasks of a study read, each part once, by name: so that their results are found also where it is not. What every
 * machine has (embedded data) is left out.
 */
export async function dataRead(
  { plan, registry }: Pick<Prepared, 'plan' | 'registry'>,
  tasks: Iterable<TaskId>,
  keyer: Keyer,
): Promise<readonly ArchivedData[]> {
  const found = new Map<string, ArchivedData>();
  for (const id of tasks) {
    for (const input of Object.values(plan.tasks.get(id)?.inputs ?? {})) {
      if (input.kind !== 'data') continue;
      const { data: name, part } = input;
      const named = JSON.stringify([name, part ?? '']);
      const data = plan.data.get(name);
      const adapter = registry.adapters.find((each) => each.adapter === data?.adapter);
      if (found.has(named) || data === undefined || adapter === undefined || adapter.embedded) continue;
      const identified = await keyer.identify(name, part);
      if (identified.kind !== 'identified') continue;
      const { digest, files, recorded } = identified;
      found.set(named, {
        ...{ data: name, part, adapter: adapter.adapter, version: adapter.version, digest },
        options: withoutDefaults(adapter.options, data.options),
        files: recorded?.files ?? files.length,
        bytes: recorded?.bytes ?? files.reduce((sum, { size }) => sum + size, 0),
      });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** Of files that tasks name and that are not taken along, which ones they were, by name. */
export async function filesLeft(paths: readonly string[], keyer: Keyer): Promise<readonly ArchivedData[]> {
  const found: ArchivedData[] = [];
  for (const path of paths) {
    const named = keyer.filesNamed.get(path);
    if (named === undefined) continue;
    const bytes = named.recalled?.bytes ?? (await stat(path)).size;
    found.push({ ...namedFile(named.name), digest: await keyer.digestOfFile(path), files: 1, bytes });
  }
  return found.sort((a, b) => (a.data < b.data ? -1 : 1));
}
