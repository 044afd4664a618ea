import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { MaterialiseResult } from '../cache/artifact-store.ts';
import type { Digest } from '../cache/digest.ts';
import type { Store } from '../cache/store.ts';
import type { Registry } from '../engine/contract/registry.ts';
import type { Plan, PlannedTask } from '../engine/plan/plan.ts';
import type { Outputs } from '../engine/run/events.ts';

/** Types that people open: they are copied out of the store where nothing else of the study consumes them. */
const delivered: ReadonlySet<string> = new Set(['page', 'table', 'files']);

/** Copies a study's final pages, tables and files to `outDir`; returns the paths. See docs/decisions/0002-where-reports-go.md. */
export async function deliver(request: {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly results: ReadonlyMap<string, Outputs>;
  readonly outDir: string;
}): Promise<{ readonly paths: readonly string[]; readonly problems: readonly string[] }> {
  const { plan, registry, store, results, outDir } = request;
  const paths: string[] = [];
  const problems: string[] = [];
  for (const task of plan.tasks.values()) {
    const outputs = results.get(task.id);
    if (outputs === undefined || plan.graph.outDegree(task.id) > 0) continue;
    for (const [output, digest] of Object.entries(outputs)) {
      if (!delivered.has(typeOf(registry, task, output) ?? '')) continue;
      const single = Object.keys(outputs).length === 1;
      const target = join(outDir, `${task.id.replaceAll('/', '.')}${single ? '' : `.${output}`}`);
      const result = await materialiseOver({ store, digest, dir: target });
      if (result.kind === 'materialised') paths.push(await flatten(target));
      else
        problems.push(
          `${target}: ${result.kind === 'store-failure' ? result.detail : `its bytes are ${result.kind}`}`,
        );
    }
  }
  return { paths, problems };
}

function typeOf(registry: Registry, task: PlannedTask, output: string): string | undefined {
  const outputs = registry.kinds.find((kind) => kind.kind === task.kind)?.outputs;
  return (typeof outputs === 'function' ? outputs(task.options) : outputs)?.[output]?.type;
}

/** Writes an artifact to `dir`, in place of what is there, so that a reader sees the old tree or the new one. */
export async function materialiseOver(request: {
  readonly store: Store;
  readonly digest: Digest;
  readonly dir: string;
}): Promise<MaterialiseResult> {
  const { store, digest, dir } = request;
  const fresh = join(dirname(dir), `.${basename(dir)}.${randomBytes(6).toString('hex')}`);
  await mkdir(dirname(dir), { recursive: true });
  try {
    const result = await store.artifacts.materialise(digest, fresh);
    if (result.kind !== 'materialised') return result;
    await rm(dir, { recursive: true, force: true });
    await rename(fresh, dir);
    return result;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A folder with a single file becomes that file, named after the folder: `report/report.html` -> `report.html`. */
async function flatten(dir: string): Promise<string> {
  const names = await readdir(dir);
  const only = names.length === 1 ? names[0] : undefined;
  if (only === undefined || extname(only) === '') return dir;
  const file = `${dir}${extname(only)}`;
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  await copyFile(join(dir, only), fresh);
  await rename(fresh, file);
  await rm(dir, { recursive: true, force: true });
  return file;
}
