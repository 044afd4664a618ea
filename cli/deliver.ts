import { join, relative } from 'node:path';
import pLimit from 'p-limit';
import type { Digest } from '../cache/digest.ts';
import type { Store, StoreFolder } from '../cache/store.ts';
import type { Registry } from '../engine/contract/registry.ts';
import type { Plan, TaskId } from '../engine/plan/plan.ts';
import type { Outputs } from '../engine/run/events.ts';
import type { LostOutput } from '../engine/run/run-options.ts';
import { isShortened } from './delivered-name.ts';
import { DeliveryRecord } from './delivery-record.ts';
import { outputType } from './output-type.ts';
import { placeArtifact } from './place-artifact.ts';
import type { PlacedArtifact } from './place-artifact.ts';
import type { Dresser, Dressing } from './study-record/dresser.ts';

/** Types that people open: they are copied out of the store where nothing else of the study consumes them. */
const delivered: ReadonlySet<string> = new Set(['page', 'table', 'figures', 'files']);

/** How many copies are made at a time. */
const atOnce = 16;

export interface Delivered {
  readonly files: readonly DeliveredFile[];
  /** Outputs whose bytes the store does not have. */
  readonly lost: readonly LostOutput[];
  /** What else was in the way. */
  readonly problems: readonly string[];
  /** What is there, and not quite as it should be. */
  readonly warnings: readonly string[];
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
  readonly dressing: Dressing | undefined;
}

interface DeliverRequest {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly results: ReadonlyMap<string, Outputs>;
  readonly outDir: string;
  readonly dresser: Dresser;
}

/**
 * Copies a study's final pages, tables, figures and files to `outDir`, pages and figures with how they came to be. See
 * docs/decisions/0002-where-reports-go.md and 0020-pages-are-dressed.md.
 */
export async function deliver(request: DeliverRequest): Promise<Delivered> {
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
    lost: made.flatMap((each, index) =>
      each.kind === 'lost' ? [{ task: deliveries[index]!.task, message: each.why }] : [],
    ),
    // Thousands of files that find no room have one problem.
    problems: [...new Set(made.flatMap((each) => (each.kind === 'problem' ? [each.problem] : [])))],
    warnings: made.flatMap((each) =>
      each.kind === 'placed' && each.undressed !== undefined ? [each.undressed] : [],
    ),
    ...(record.damaged === undefined ? {} : { damagedRecord: record.damaged }),
  };
}

function deliveriesOf({ plan, registry, results, dresser }: DeliverRequest): readonly Delivery[] {
  return [...plan.tasks.values()].flatMap((task) => {
    const outputs = results.get(task.id);
    if (outputs === undefined || plan.graph.consumersOf(task.id).length > 0) return [];
    const single = Object.keys(outputs).length === 1;
    return Object.entries(outputs).flatMap(([output, digest]) => {
      if (!delivered.has(outputType(registry, task, output) ?? '')) return [];
      const name = single ? task.id : `${task.id}.${output}`;
      return [{ task: task.id, name, digest, dressing: dresser.of(task, output) }];
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
  { name, digest, dressing }: Delivery,
): Promise<PlacedArtifact> {
  const { store, outDir, record } = where;
  const target = join(outDir, name);
  // What it says may change while the artifact stays: a result that was made anew with the same bytes, another file of the study.
  const dressed = dressing === undefined ? digest : `${digest} ${await dressing.substance()}`;
  const standing = record.standing(target, dressed);
  if (standing !== undefined) return { kind: 'placed', path: standing, files: [] };
  const placed = await placeArtifact({ store, digest, outDir, name, dressing });
  if (placed.kind === 'placed') {
    const origin = placed.undressed === undefined ? dressed : digest;
    record.enter(target, { origin, path: placed.path, files: placed.files });
  }
  return placed;
}
