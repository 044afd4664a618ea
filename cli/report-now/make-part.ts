import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../../engine/contract/registry.ts';
import type { DeviceInfo } from '../../engine/contract/task-context.ts';
import type { Keyer, OutputLookup } from '../../engine/keys/keyer.ts';
import { whyUnreadable } from '../../engine/keys/recorded-data.ts';
import type { Plan, TaskId } from '../../engine/plan/plan.ts';
import type { PartTask } from '../../engine/plan/standing-part.ts';
import { DataLists } from '../../engine/run/data-lists.ts';
import { makeJob } from '../../engine/run/make-job.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import { fetchInputs } from '../../engine/worker/job-inputs.ts';
import type { InputStore } from '../../engine/worker/job-inputs.ts';
import { rehearseJob } from '../../engine/worker/rehearse-job.ts';
import type { MadeOutput } from '../../engine/worker/rehearse-job.ts';

export interface MakeRequest {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly keyer: Keyer;
  /** Of what stands. */
  readonly outputOf: OutputLookup;
  /** Producers before consumers. */
  readonly part: ReadonlyMap<TaskId, PartTask>;
  /** Existing folder that everything comes to lie in. */
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly onWarning: (message: string) => void;
}

export type MadePart =
  | { readonly kind: 'made'; readonly outputs: ReadonlyMap<TaskId, ReadonlyMap<string, MadeOutput>> }
  /** Tasks whose results cannot be used: the bytes are gone, or their code could do nothing with a part of its inputs. */
  | { readonly kind: 'unusable'; readonly tasks: readonly TaskId[]; readonly why: string };

/** What is made here belongs to light tasks: nothing computes on a device. */
const here: DeviceInfo = { backend: 'none', deviceClass: 'none', threads: 1 };

/** Makes each task of the part in this process, each from what stands and from what was made before it. Nothing is stored. */
export async function makePart(request: MakeRequest): Promise<MadePart> {
  const { part, dir } = request;
  const made = new Map<TaskId, ReadonlyMap<string, MadeOutput>>();
  for (const [number, [id, each]] of [...part].entries()) {
    const result = await makeOne(request, made, { id, each, dir: join(dir, String(number)) });
    if (result.kind === 'unusable') return result;
    made.set(id, result.outputs);
  }
  return { kind: 'made', outputs: made };
}

async function makeOne(
  request: MakeRequest,
  made: ReadonlyMap<TaskId, ReadonlyMap<string, MadeOutput>>,
  { id, each, dir }: { readonly id: TaskId; readonly each: PartTask; readonly dir: string },
): Promise<
  | { readonly kind: 'made'; readonly outputs: ReadonlyMap<string, MadeOutput> }
  | Extract<MadePart, { kind: 'unusable' }>
> {
  const { plan, registry, store, keyer, signal, onWarning } = request;
  const outputOf: OutputLookup = (task, output) =>
    made.get(task)?.get(output)?.digest ?? request.outputOf(task, output);
  const keyed = await keyer.key(each.task, outputOf);
  if (keyed.kind !== 'keyed') return { kind: 'unusable', tasks: [id], why: `${id} cannot be keyed here` };
  const unreadable = whyUnreadable({ data: keyed.data.values(), absentFiles: keyed.absentFiles });
  if (unreadable !== undefined) return { kind: 'unusable', tasks: [id], why: `${id}: ${unreadable.message}` };
  const data = join(dir, 'data');
  await mkdir(data, { recursive: true });
  const job = await makeJob(
    {
      plan,
      dataLists: new DataLists(data),
      folder: runFolder(dir, '.'),
      board: { task: (task) => plan.tasks.get(task)!, outputOf },
    },
    each.task,
    keyed,
    true,
  );
  const inputs = await fetchInputs(job, storeWith(store, made), join(dir, 'artifacts'));
  if (inputs.kind === 'store-failure')
    return { kind: 'unusable', tasks: [id], why: `${inputs.path}: ${inputs.detail}` };
  if (inputs.kind === 'inputs-missing')
    return {
      kind: 'unusable',
      tasks: producersOf(each, inputs.digests, outputOf),
      why: `bytes that ${id} reads are gone`,
    };
  const rehearsed = await rehearseJob({
    registry,
    store,
    job: { ...job, absent: each.absent },
    inputs,
    dir,
    device: here,
    signal,
    send: (message) => {
      if (message.kind === 'warning') onWarning(message.message);
    },
  });
  return rehearsed.kind === 'made'
    ? rehearsed
    : { kind: 'unusable', tasks: [id], why: `${id}: ${rehearsed.failure.message}` };
}

/** The store, and what was made a moment ago. */
function storeWith(store: Store, made: ReadonlyMap<TaskId, ReadonlyMap<string, MadeOutput>>): InputStore {
  const fresh = new Map(
    [...made.values()].flatMap((outputs) => [...outputs.values()].map((output) => [output.digest, output])),
  );
  return {
    artifacts: {
      materialise: async (digest, dir) => {
        const output = fresh.get(digest);
        if (output === undefined) return store.artifacts.materialise(digest, dir);
        await cp(output.dir, dir, { recursive: true });
        return { kind: 'materialised', manifest: output.manifest };
      },
    },
  };
}

function producersOf(
  { task }: PartTask,
  digests: readonly Digest[],
  outputOf: OutputLookup,
): readonly TaskId[] {
  const gone = new Set(digests);
  return Object.values(task.inputs).flatMap((input) => {
    const items = input.kind === 'artifact' ? [input] : input.kind === 'gathered' ? input.items : [];
    return items.filter(({ from, output }) => gone.has(outputOf(from, output)!)).map(({ from }) => from);
  });
}
