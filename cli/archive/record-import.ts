import { join } from 'node:path';
import type { ImportReport } from '../../cache/archive/import-report.ts';
import type { Store } from '../../cache/store.ts';
import { openPortablePlan } from '../../engine/run/portable-plan.ts';
import { recordImported } from '../../engine/run/record-imported.ts';
import type { ImportedTask } from '../../engine/run/record-imported.ts';

/** The study's own files in an archive, by their names. */
export function studyOf({ files }: ImportReport): ReadonlyMap<string, Uint8Array> {
  const found = [...files].filter(([path]) => path.startsWith('study/'));
  return new Map(found.map(([path, content]) => [path.slice('study/'.length), content]));
}

/**
 * Records an import as a run, so that its tasks have addresses here. `studyDir`: where the study lies, or would. Answers the
 * run's name; undefined where the archive's plan is none. Throws system errors.
 */
export async function recordImport(request: {
  readonly store: Store;
  readonly report: ImportReport;
  readonly studyDir: string;
  readonly member: string | undefined;
}): Promise<string | undefined> {
  const { store, report, studyDir, member } = request;
  const text = Buffer.from(report.files.get('plan.json') ?? '').toString('utf8');
  const plan = openPortablePlan(text, (name) => join(studyDir, name));
  if (plan === undefined || report.contents === undefined) return undefined;
  const planned = new Map([...plan.tasks.keys()].map((id) => [id as string, id]));
  const tasks: ImportedTask[] = [];
  for (const { task, key } of report.contents.tasks) {
    const id = planned.get(task);
    const found = await store.actions.get(key);
    if (id === undefined || found.kind !== 'found') return undefined;
    tasks.push({ task: id, key, outputs: found.result.outputs });
  }
  const texts = [...studyOf(report)].filter(([name]) => /\.ya?ml$/.test(name));
  const sources = texts.map(([name, content]) => ({
    file: join(studyDir, name),
    text: Buffer.from(content).toString('utf8'),
  }));
  return await recordImported({ store, plan, sources, tasks, member });
}
