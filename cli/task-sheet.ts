import type { Provenance } from '../cache/action-store.ts';
import type { Digest, TaskKey } from '../cache/digest.ts';
import type { JsonObject } from '../cache/json.ts';
import type { ManifestFile } from '../cache/manifest.ts';
import type { Store } from '../cache/store.ts';
import type { Action } from '../engine/keys/action.ts';
import type { Coordinates, Facts } from '../engine/contract/scalar.ts';
import type { PlannedInput, PlannedTask } from '../engine/plan/plan.ts';
import type { TaskFailure } from '../engine/run/events.ts';
import type { RecordedState, RecordedTask } from '../engine/run/recorded-tasks.ts';
import { findMakers } from '../engine/run/find-makers.ts';
import { findSightings } from '../engine/run/sightings.ts';
import type { Sighting } from '../engine/run/sightings.ts';
import { originFields } from './origin-text.ts';
import type { OriginFields } from './origin-text.ts';
import type { RecordedRun } from './recorded-run.ts';
import { taskCommand } from './study-record/study-command.ts';

/** Everything that is known of one task of a run: where its result comes from, what it read and made, who reads it. */
export interface TaskSheet extends OriginFields {
  readonly task: string;
  readonly run: string;
  readonly study: string;
  readonly state: RecordedState;
  readonly kind?: string;
  readonly key?: TaskKey;
  readonly options?: JsonObject;
  /** Of the result that stands for the key. */
  readonly provenance?: Provenance;
  /** The run that computed that result, where that is known. */
  readonly madeBy?: string;
  /** Makes the result again in a store that lacks it. */
  readonly command?: string;
  readonly failure?: TaskFailure;
  readonly blockedBy?: string;
  readonly inputs: readonly SheetInput[];
  readonly outputs: readonly SheetOutput[];
  /** Tasks of the run's plan that read an output of it. */
  readonly usedBy: readonly string[];
  /** The last runs that met the key, the newest first. */
  readonly runs: readonly Sighting[];
}

export interface SheetInput {
  readonly name: string;
  /** `task.output`, or the name (and part) of a data set. */
  readonly from: string;
  readonly source: 'task' | 'data';
  /** Undefined where it is not known yet. */
  readonly digest?: Digest;
  /** Of one item of a gathered input. */
  readonly coordinates?: Coordinates;
  readonly facts?: Facts;
}

export interface SheetOutput {
  readonly name: string;
  readonly digest: Digest;
  readonly facts: Facts;
  readonly files: readonly ManifestFile[];
  readonly sizeBytes: number;
  /** Whether all its bytes are in the store. A result may outlive them. */
  readonly isComplete: boolean;
}

/** The sheet of a task, read off the run's plan and journal, the store, and (with `sightings`: `madeBy`, `runs`) the runs before and after. */
export async function taskSheet(request: {
  readonly store: Store;
  readonly run: RecordedRun;
  readonly task: RecordedTask;
  /** Makes the run's plan again; undefined where it had none. */
  readonly study: string | undefined;
  readonly sightings: boolean;
}): Promise<TaskSheet> {
  const { store, run, task, study } = request;
  const planned = run.planned.get(task.task);
  const found = task.key === undefined ? undefined : await store.actions.get(task.key);
  const result = found?.kind === 'found' ? found.result : undefined;
  const action = task.key === undefined ? undefined : await readAction(store, task.key);
  const makers =
    request.sightings && result?.provenance.run === undefined && result !== undefined
      ? await findMakers(store.runsDir, [result])
      : undefined;
  const madeBy = result && (result.provenance.run ?? makers?.get(result.key));
  const outputs: SheetOutput[] = [];
  for (const [name, digest] of Object.entries(result?.outputs ?? task.outputs))
    outputs.push(await sheetOutput(store, name, digest, planned?.facts?.[name] ?? {}));
  const kind = planned?.kind ?? result?.provenance.kind;
  return {
    task: task.task,
    run: run.record.run,
    study: run.record.study,
    state: task.state,
    ...(kind === undefined ? {} : { kind }),
    ...(task.key === undefined ? {} : { key: task.key }),
    ...(action === undefined ? {} : { options: action.options }),
    ...(result === undefined ? {} : { provenance: result.provenance }),
    ...originFields(result && store.originOf?.(result.key)),
    ...(madeBy === undefined ? {} : { madeBy }),
    ...(study === undefined || planned === undefined ? {} : { command: taskCommand(study, task.task) }),
    ...(task.failure === undefined ? {} : { failure: task.failure }),
    ...(task.blockedBy === undefined ? {} : { blockedBy: task.blockedBy }),
    inputs: Object.entries(planned?.inputs ?? {}).flatMap(([name, input]) =>
      sheetInputs(name, input, run, action),
    ),
    outputs,
    usedBy: consumersOf(task.task, run.planned.values()),
    runs: request.sightings && task.key !== undefined ? await findSightings(store.runsDir, task.key) : [],
  };
}

export async function sheetOutput(
  store: Store,
  name: string,
  digest: Digest,
  facts: Facts,
): Promise<SheetOutput> {
  const read = await store.artifacts.manifest(digest);
  const files = read.kind === 'found' ? read.manifest.files : [];
  const sizeBytes = files.reduce((sum, { size }) => sum + size, 0);
  const isComplete = read.kind === 'found' && (await store.artifacts.isComplete(digest));
  return { name, digest, facts, files, sizeBytes, isComplete };
}

async function readAction(store: Store, key: TaskKey): Promise<Action | undefined> {
  const read = await store.blobs.read(key as string as Digest);
  return read.kind === 'found' ? (JSON.parse(Buffer.from(read.bytes).toString('utf8')) as Action) : undefined;
}

function sheetInputs(
  name: string,
  input: PlannedInput,
  run: RecordedRun,
  action: Action | undefined,
): readonly SheetInput[] {
  const keyed = action?.inputs[name];
  const digestOf = (from: string, output: string): Digest | undefined => run.tasks.get(from)?.outputs[output];
  switch (input.kind) {
    case 'data': {
      const from = input.part === undefined ? input.data : `${input.data}, ${input.part}`;
      return [{ name, from, source: 'data', ...(keyed && 'data' in keyed ? { digest: keyed.data } : {}) }];
    }
    case 'artifact': {
      const { from, output } = input;
      const digest = keyed && 'artifact' in keyed ? keyed.artifact : digestOf(from, output);
      const facts = run.planned.get(from)?.facts?.[output];
      return [
        {
          name,
          from: `${from}.${output}`,
          source: 'task',
          ...(digest === undefined ? {} : { digest }),
          ...(facts === undefined ? {} : { facts }),
        },
      ];
    }
    case 'gathered':
      return input.items.map(({ from, output, coordinates, facts }, index): SheetInput => {
        const digest =
          keyed && 'gathered' in keyed ? keyed.gathered[index]?.artifact : digestOf(from, output);
        const known = digest === undefined ? {} : { digest };
        return { name, from: `${from}.${output}`, source: 'task', coordinates, facts, ...known };
      });
  }
}

function consumersOf(task: string, planned: Iterable<Partial<PlannedTask>>): readonly string[] {
  const consumers: string[] = [];
  for (const { id, inputs } of planned) {
    if (id === undefined || inputs === undefined) continue;
    const reads = Object.values(inputs).some(
      (input) =>
        (input.kind === 'artifact' && input.from === task) ||
        (input.kind === 'gathered' && input.items.some(({ from }) => from === task)),
    );
    if (reads) consumers.push(id);
  }
  return consumers;
}
