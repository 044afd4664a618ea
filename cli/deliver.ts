import { renameSync, rmSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import type { CopyResult } from '../cache/blob-store.ts';
import type { MaterialiseResult } from '../cache/artifact-store.ts';
import type { Digest } from '../cache/digest.ts';
import type { ManifestFile } from '../cache/manifest.ts';
import type { Store, StoreFolder } from '../cache/store.ts';
import { hashFile } from '../cache/local/hash-file.ts';
import { makeFolders } from '../cache/make-folders.ts';
import { guarded } from '../cache/system-error.ts';
import type { Registry } from '../engine/contract/registry.ts';
import type { Plan, PlannedTask, TaskId } from '../engine/plan/plan.ts';
import type { Outputs } from '../engine/run/events.ts';
import type { LostOutput } from '../engine/run/run-options.ts';
import { deliveredName, isShortened } from './delivered-name.ts';
import { DeliveryRecord } from './delivery-record.ts';

/** Types that people open: they are copied out of the store where nothing else of the study consumes them. */
const delivered: ReadonlySet<string> = new Set(['page', 'table', 'files']);

/** How many copies are made at a time. */
const atOnce = 16;

export interface Delivered {
  readonly files: readonly DeliveredFile[];
  /** Outputs whose bytes the store does not have. */
  readonly lost: readonly LostOutput[];
  /** What else was in the way. */
  readonly problems: readonly string[];
  /** Of the record of all this, for `deliveredBefore`; undefined where there is none. */
  readonly seal: string | undefined;
  /** The record of what was delivered before, where it was damaged. */
  readonly damagedRecord?: string;
}

export interface DeliveredFile {
  readonly path: string;
  /** The whole address, where the name had to be shortened. */
  readonly address?: string;
}

interface Delivery {
  readonly task: TaskId;
  /** `TASK`, or of a task with several outputs `TASK.OUTPUT`: what the file is called after. */
  readonly name: string;
  readonly digest: Digest;
}

type Placed =
  | { readonly kind: 'placed'; readonly path: string; readonly files: readonly string[] }
  | { readonly kind: 'lost'; readonly lost: LostOutput }
  | { readonly kind: 'problem'; readonly problem: string };

/** Copies a study's final pages, tables and files to `outDir`. See docs/decisions/0002-where-reports-go.md. */
export async function deliver(request: {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly results: ReadonlyMap<string, Outputs>;
  readonly outDir: string;
}): Promise<Delivered> {
  const { store, outDir } = request;
  const deliveries = deliveriesOf(request);
  const record = DeliveryRecord.open(store, outDir);
  const limit = pLimit(atOnce);
  const made = await Promise.all(
    deliveries.map((each) => limit(() => placeUnlessThere({ store, outDir, record }, each))),
  );
  const seal = await record.save(deliveries.map(({ name }) => join(outDir, name)));
  return {
    seal,
    files: made.flatMap((each, index) =>
      each.kind === 'placed' ? [fileOf(each.path, deliveries[index]?.name ?? '')] : [],
    ),
    lost: made.flatMap((each) => (each.kind === 'lost' ? [each.lost] : [])),
    // Thousands of files that find no room have one problem.
    problems: [...new Set(made.flatMap((each) => (each.kind === 'problem' ? [each.problem] : [])))],
    ...(record.damaged === undefined ? {} : { damagedRecord: record.damaged }),
  };
}

function deliveriesOf(request: {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly results: ReadonlyMap<string, Outputs>;
}): readonly Delivery[] {
  const { plan, registry, results } = request;
  return [...plan.tasks.values()].flatMap((task) => {
    const outputs = results.get(task.id);
    if (outputs === undefined || plan.graph.consumersOf(task.id).length > 0) return [];
    const single = Object.keys(outputs).length === 1;
    return Object.entries(outputs).flatMap(([output, digest]) => {
      if (!delivered.has(typeOf(registry, task, output) ?? '')) return [];
      return [{ task: task.id, name: single ? task.id : `${task.id}.${output}`, digest }];
    });
  });
}

/** What lies in `outDir` by the record of that seal, if nobody has touched any of it since. */
export function deliveredBefore(
  store: StoreFolder,
  outDir: string,
  seal: string,
): readonly DeliveredFile[] | undefined {
  return DeliveryRecord.open(store, outDir)
    .untouched(seal)
    ?.map(({ target, path }) => fileOf(path, relative(outDir, target)));
}

/** The whole address where the file's name does not tell it. */
function fileOf(path: string, name: string): DeliveredFile {
  return isShortened(name, path) ? { path, address: name } : { path };
}

async function placeUnlessThere(
  where: { readonly store: Store; readonly outDir: string; readonly record: DeliveryRecord },
  delivery: Delivery,
): Promise<Placed> {
  const { store, outDir, record } = where;
  const target = join(outDir, delivery.name);
  const standing = record.standing(target, delivery.digest);
  if (standing !== undefined) return { kind: 'placed', path: standing, files: [] };
  const placed = await place(store, outDir, delivery);
  if (placed.kind === 'placed') record.enter(target, { digest: delivery.digest, ...placed });
  return placed;
}

/** An artifact of one file becomes that file under the task's name (`report/report.html` -> `report.html`), any other a folder. */
async function place(store: Store, outDir: string, { task, name, digest }: Delivery): Promise<Placed> {
  const found = await store.artifacts.manifest(digest);
  const only =
    found.kind === 'found' && found.manifest.files.length === 1 ? found.manifest.files[0] : undefined;
  const single = only !== undefined && extname(only.path) !== '';
  const path = join(outDir, deliveredName(name, single ? extname(only.path) : ''));
  if (single && (await holds(path, only))) return { kind: 'placed', path, files: [path] };
  const result =
    found.kind === 'found'
      ? single
        ? await copyOver(store, only.sha256, path)
        : await materialiseOver({ store, digest, dir: path })
      : found;
  switch (result.kind) {
    case 'copied':
      return { kind: 'placed', path, files: [path] };
    case 'materialised':
      return { kind: 'placed', path, files: result.manifest.files.map((file) => join(path, file.path)) };
    case 'absent':
      return { kind: 'lost', lost: { task, message: 'its bytes are not in the store any more; made again' } };
    case 'corrupt': {
      const message = `its bytes were damaged in the store and moved to ${result.movedTo}; made again`;
      return { kind: 'lost', lost: { task, message } };
    }
    case 'not-a-manifest':
      return { kind: 'problem', problem: `${path}: ${result.problems.join('; ')}` };
    case 'store-failure':
      return { kind: 'problem', problem: `${result.path}: ${result.detail}` };
  }
}

/** Whether the file is there already, byte for byte. */
async function holds(path: string, file: ManifestFile): Promise<boolean> {
  try {
    // At one go: mostly there is nothing, and thousands are asked for.
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    return size === file.size && (await hashFile(path)).digest === file.sha256;
  } catch {
    return false;
  }
}

function typeOf(registry: Registry, task: PlannedTask, output: string): string | undefined {
  const outputs = registry.kinds.find((kind) => kind.kind === task.kind)?.outputs;
  return (typeof outputs === 'function' ? outputs(task.options) : outputs)?.[output]?.type;
}

/** Writes one file, in place of what is there, so that a reader sees the old one or the new one. */
function copyOver(store: Store, digest: Digest, path: string): Promise<CopyResult> {
  return guarded<CopyResult>(path, async () => {
    const fresh = await freshBeside(path);
    try {
      const result = await store.blobs.copyTo(digest, fresh);
      if (result.kind === 'copied') renameSync(fresh, path);
      return result;
    } catch (error) {
      rmSync(fresh, { force: true });
      throw error;
    }
  });
}

/** Writes an artifact to `dir`, in place of what is there, so that a reader sees the old tree or the new one. */
export function materialiseOver(request: {
  readonly store: Store;
  readonly digest: Digest;
  readonly dir: string;
}): Promise<MaterialiseResult> {
  const { store, digest, dir } = request;
  return guarded<MaterialiseResult>(dir, async () => {
    const fresh = await freshBeside(dir);
    try {
      const result = await store.artifacts.materialise(digest, fresh);
      if (result.kind !== 'materialised') return result;
      await rm(dir, { recursive: true, force: true });
      await rename(fresh, dir);
      return result;
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  });
}

/** A short name for what is not finished, in the folder of its later place, which is made. */
async function freshBeside(path: string): Promise<string> {
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) await makeFolders(folder);
  return join(folder, `.sweetspot-${randomBytes(6).toString('hex')}`);
}
