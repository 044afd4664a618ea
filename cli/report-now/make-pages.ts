import { join } from 'node:path';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../../engine/contract/registry.ts';
import { Keyer } from '../../engine/keys/keyer.ts';
import type { Plan, PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import { standingPart } from '../../engine/plan/standing-part.ts';
import type { PartTask } from '../../engine/plan/standing-part.ts';
import type { Outputs } from '../../engine/run/events.ts';
import { makePart } from './make-part.ts';

export interface PagesRequest {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly keyer?: Keyer;
  readonly wanted: readonly TaskId[];
  /** Of tasks that have a result. */
  readonly outputsOf: (task: TaskId) => Outputs | undefined;
  /** Existing folder that everything comes to lie in. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onWarning: (message: string) => void;
}

export type Pages =
  | {
      readonly kind: 'made';
      readonly pages: ReadonlyMap<TaskId, Page>;
      /** What stands and could not be used, and why. */
      readonly leftOut: readonly string[];
    }
  | { readonly kind: 'nothing'; readonly why: string | undefined }
  | { readonly kind: 'aborted' };

export interface Page {
  /** By output, a folder with its files. */
  readonly outputs: ReadonlyMap<string, { readonly dir: string }>;
  /** What it was made from; undefined for a page that was finished before. */
  readonly part: PartTask | undefined;
}

/** Tasks at a study's end that make pages and can be asked at any time. */
export function pageTasks(plan: Plan, registry: Registry): readonly PlannedTask[] {
  return [...plan.tasks.values()].filter((task) => {
    const kind = registry.kinds.find((each) => each.kind === task.kind);
    if (kind?.anytime !== true || typeof kind.outputs === 'function') return false;
    return Object.values(kind.outputs).some(({ type }) => type === 'page');
  });
}

/** Makes pages from whatever stands; what turns out to be unusable is left out. Nothing is stored. */
export async function makePages(request: PagesRequest): Promise<Pages> {
  const { plan, registry, store, wanted, outputsOf, folder, signal, onWarning } = request;
  const keyer = request.keyer ?? new Keyer({ plan, registry, store, signal });
  const whole = await wholePages(request);
  const unusable = new Map<TaskId, string>();
  // Whether a page stands is a question of its bytes too; of what it reads, that shows when it is read.
  const stands = (id: TaskId): boolean | 'unusable' => {
    if (unusable.has(id)) return 'unusable';
    return wanted.includes(id) ? whole.has(id) : outputsOf(id) !== undefined;
  };
  for (let attempt = 0; ; attempt++) {
    const part = standingPart({ plan, registry, wanted, stands });
    if (!wanted.some((id) => part.has(id) || whole.has(id)))
      return { kind: 'nothing', why: [...unusable.values()].at(-1) };
    const made = await makePart({
      ...{ plan, registry, store, keyer, part, signal, onWarning },
      outputOf: (task, output) => outputsOf(task)?.[output],
      dir: join(folder, String(attempt)),
    });
    if (signal.aborted) return { kind: 'aborted' };
    if (made.kind === 'unusable') {
      if (made.tasks.every((id) => unusable.has(id))) throw new Error(`${made.why}, and nobody made them`);
      for (const id of made.tasks) unusable.set(id, made.why);
      continue;
    }
    const pages = wanted.flatMap((id) => {
      const outputs = made.outputs.get(id) ?? whole.get(id);
      return outputs === undefined ? [] : [[id, { outputs, part: part.get(id) }] as const];
    });
    return { kind: 'made', pages: new Map(pages), leftOut: [...unusable.values()] };
  }
}

/** Pages that are done, taken out of the store; without those whose bytes are gone. */
async function wholePages({
  store,
  wanted,
  outputsOf,
  folder,
}: PagesRequest): Promise<ReadonlyMap<TaskId, Page['outputs']>> {
  const whole = new Map<TaskId, Page['outputs']>();
  for (const id of wanted) {
    const placed = new Map<string, { readonly dir: string }>();
    const outputs = Object.entries(outputsOf(id) ?? {});
    for (const [output, digest] of outputs) {
      const dir = join(folder, 'whole', digest);
      const result = await store.artifacts.materialise(digest, dir);
      if (result.kind === 'materialised') placed.set(output, { dir });
    }
    if (outputs.length > 0 && placed.size === outputs.length) whole.set(id, placed);
  }
  return whole;
}
