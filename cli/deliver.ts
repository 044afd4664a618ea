import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import type { MaterialiseResult } from '../cache/artifact-store.ts';
import { digestOf } from '../cache/digest.ts';
import type { Digest } from '../cache/digest.ts';
import type { ManifestFile } from '../cache/manifest.ts';
import type { Store } from '../cache/store.ts';
import type { Registry } from '../engine/contract/registry.ts';
import type { Plan, PlannedTask } from '../engine/plan/plan.ts';
import type { Outputs } from '../engine/run/events.ts';
import { DeliveryRecord } from './delivery-record.ts';

/** Types that people open: they are copied out of the store where nothing else of the study consumes them. */
const delivered: ReadonlySet<string> = new Set(['page', 'table', 'files']);

/** How many copies are made at a time. */
const atOnce = 16;

interface Delivery {
  readonly digest: Digest;
  /** Without an extension: a single file brings its own. */
  readonly target: string;
}

/** Copies a study's final pages, tables and files to `outDir`; returns the paths. See docs/decisions/0002-where-reports-go.md. */
export async function deliver(request: {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly results: ReadonlyMap<string, Outputs>;
  readonly outDir: string;
}): Promise<{ readonly paths: readonly string[]; readonly problems: readonly string[] }> {
  const deliveries = deliveriesOf(request);
  if (deliveries.length > 0) await mkdir(request.outDir, { recursive: true });
  const record = DeliveryRecord.open(request.store, request.outDir);
  const limit = pLimit(atOnce);
  const made = await Promise.all(
    deliveries.map((each) => limit(() => placeUnlessThere(request.store, each, record))),
  );
  record.save();
  return {
    paths: made.flatMap((each) => ('path' in each ? [each.path] : [])),
    problems: made.flatMap((each) => ('problem' in each ? [each.problem] : [])),
  };
}

function deliveriesOf(request: {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly results: ReadonlyMap<string, Outputs>;
  readonly outDir: string;
}): readonly Delivery[] {
  const { plan, registry, results, outDir } = request;
  return [...plan.tasks.values()].flatMap((task) => {
    const outputs = results.get(task.id);
    if (outputs === undefined || plan.graph.outDegree(task.id) > 0) return [];
    const single = Object.keys(outputs).length === 1;
    return Object.entries(outputs).flatMap(([output, digest]) => {
      if (!delivered.has(typeOf(registry, task, output) ?? '')) return [];
      return [
        { digest, target: join(outDir, `${task.id.replaceAll('/', '.')}${single ? '' : `.${output}`}`) },
      ];
    });
  });
}

type Placing = { readonly path: string; readonly files: readonly string[] } | { readonly problem: string };

async function placeUnlessThere(
  store: Store,
  delivery: Delivery,
  record: DeliveryRecord,
): Promise<{ readonly path: string } | { readonly problem: string }> {
  const standing = record.standing(delivery.target, delivery.digest);
  if (standing !== undefined) return { path: standing };
  const placed = await place(store, delivery);
  if ('path' in placed) record.enter(delivery.target, { digest: delivery.digest, ...placed });
  return placed;
}

/** An artifact of one file becomes that file under the task's name (`report/report.html` -> `report.html`), any other a folder. */
async function place(store: Store, { digest, target }: Delivery): Promise<Placing> {
  const found = await store.artifacts.manifest(digest);
  const only =
    found.kind === 'found' && found.manifest.files.length === 1 ? found.manifest.files[0] : undefined;
  if (only === undefined || extname(only.path) === '') {
    const result = await materialiseOver({ store, digest, dir: target });
    if (result.kind !== 'materialised') return { problem: `${target}: ${reason(result)}` };
    return { path: target, files: result.manifest.files.map(({ path }) => join(target, path)) };
  }
  const path = `${target}${extname(only.path)}`;
  if (await holds(path, only)) return { path, files: [path] };
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const result = await store.blobs.copyTo(only.sha256, fresh);
    if (result.kind !== 'copied') return { problem: `${path}: ${reason(result)}` };
    await rename(fresh, path);
    return { path, files: [path] };
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Whether the file is there already, byte for byte. */
async function holds(path: string, file: ManifestFile): Promise<boolean> {
  try {
    const { size } = await stat(path);
    return size === file.size && digestOf(await readFile(path)) === file.sha256;
  } catch {
    return false;
  }
}

function reason(failed: { readonly kind: string; readonly detail?: string }): string {
  return failed.detail ?? `its bytes are ${failed.kind}`;
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
