import { basename, dirname } from 'node:path';
import pLimit from 'p-limit';
import type { ActionResult } from '../../cache/action-store.ts';
import { digestOf } from '../../cache/digest.ts';
import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type {
  RecordedRun,
  ResultRecord,
  StudyRecord,
  TaskRecord,
} from '../../engine/contract/study-record.ts';
import { withProducers } from '../../engine/plan/graph.ts';
import type { Plan, PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import { findMakers } from '../../engine/run/find-makers.ts';
import { buildIdentity } from '../build-identity.ts';
import { packageVersion } from '../version.ts';
import type { Workspace } from '../workspace.ts';
import { AskedOf } from './asked-of.ts';
import { pathIn } from './path-in.ts';
import { shareLogs } from './share-logs.ts';
import { dataWords, studyCommand, taskCommand } from './study-command.ts';
import { thisMachine } from './without-places.ts';

/** A study as somebody has just planned, run or looked at it. */
export interface RecordedStudy {
  readonly plan: Plan;
  /** Text of each study file, by absolute path, the study file first. */
  readonly sources: ReadonlyMap<string, string>;
  readonly store: Store;
  readonly workspace: Pick<Workspace, 'root' | 'configuredRoots'>;
  /** Of a task with a result, its key, and whether `run` has computed it. */
  readonly standing: (task: TaskId) => { readonly key: TaskKey; readonly isNew: boolean } | undefined;
  readonly run: RecordedRun | undefined;
}

/**
 * Writes down how what pages show came to be, from the plan, the results' provenance, the journals of earlier runs and the
 * ends of logs. What several pages of a study share is looked up once.
 */
export class StudyRecorder {
  readonly #study: RecordedStudy;
  readonly #results = new Map<TaskId, ActionResult>();
  readonly #asked = new Set<TaskId>();
  /** One after the other, so that whoever asks finds all that was asked for before. */
  #lookedUp = Promise.resolve();
  #makers: Promise<ReadonlyMap<TaskKey, string>> | undefined;

  constructor(study: RecordedStudy) {
    this.#study = study;
  }

  /** Digest of all that a page's record says but for who has looked: another one means that the page has to be written anew. */
  async substance(page: TaskId): Promise<string> {
    const { plan, sources } = this.#study;
    const below = await this.#below(page);
    const results = below.map(({ id }) => {
      const result = this.#results.get(id);
      if (result === undefined) return [id];
      const { key, outputs, provenance } = result;
      return [id, key, Object.entries(outputs), provenance.startedAt, provenance.durationMs];
    });
    return digestOf(
      JSON.stringify([
        [buildIdentity() ?? packageVersion(), plan.study, this.#nameOf(plan.file), plan.smoke],
        [plan.params, dataWords(this.#asTyped()), [...sources.values()]],
        results,
      ]),
    );
  }

  async record(page: TaskId): Promise<StudyRecord> {
    const { plan, sources, store, run } = this.#study;
    const below = await this.#below(page);
    const results = below.flatMap(({ id }) => this.#results.get(id) ?? []);
    const [makers, logs] = await Promise.all([
      this.#allMakers(),
      shareLogs(store.blobs, results, thisMachine()),
    ]);
    const command = studyCommand({ ...this.#asTyped(), text: sources.get(plan.file) });
    const places = new Map(below.map(({ id }, index) => [id, index]));
    const asked = new AskedOf(plan, thisMachine());
    return {
      study: plan.study,
      file: this.#nameOf(plan.file),
      sources: [...sources].map(([path, text]) => ({ path: this.#nameOf(path), text })),
      params: plan.params,
      smoke: plan.smoke,
      command,
      version: packageVersion(),
      run,
      tasks: below.map((task): TaskRecord => {
        const result = this.#results.get(task.id);
        const { log } = result?.provenance ?? {};
        return {
          ...{ address: task.id, name: task.name, kind: task.kind, coordinates: task.coordinates },
          ...{ options: asked.options(task), data: asked.data(task) },
          facts: Object.assign({}, ...Object.values(task.facts)) as TaskRecord['facts'],
          reads: readBy(task).flatMap((id) => places.get(id) ?? []),
          command: taskCommand(command, task.id),
          result:
            result &&
            resultRecord(
              result,
              this.#madeBy(task.id, makers),
              log === undefined ? undefined : logs.get(log),
            ),
        };
      }),
    };
  }

  /** What a page rests on, producers before consumers, with the results looked up. */
  async #below(page: TaskId): Promise<readonly PlannedTask[]> {
    const { plan } = this.#study;
    const wanted = withProducers(plan, [page]);
    const ids = plan.graph.topologicalOrder().filter((id) => id !== page && wanted.has(id));
    await this.#lookUp(ids);
    return ids.map((id) => plan.tasks.get(id)!);
  }

  #lookUp(ids: readonly TaskId[]): Promise<void> {
    return (this.#lookedUp = this.#lookedUp.then(() => this.#lookUpNow(ids)));
  }

  async #lookUpNow(ids: readonly TaskId[]): Promise<void> {
    const { store, standing } = this.#study;
    const limit = pLimit(32);
    const waiting: Promise<void>[] = [];
    for (const id of ids) {
      if (this.#asked.has(id)) continue;
      this.#asked.add(id);
      const key = standing(id)?.key;
      if (key === undefined) continue;
      const peeked = store.actions.peek(key);
      if (peeked !== undefined) this.#results.set(id, peeked);
      else
        waiting.push(
          limit(async () => {
            const found = await store.actions.get(key);
            if (found.kind === 'found') this.#results.set(id, found.result);
          }),
        );
    }
    await Promise.all(waiting);
  }

  #allMakers(): Promise<ReadonlyMap<TaskKey, string>> {
    const { plan, store, standing } = this.#study;
    this.#makers ??= this.#lookUp([...plan.tasks.keys()]).then(() => {
      // Results say it themselves, but for those of earlier versions.
      const earlier = [...this.#results].filter(
        ([id, { provenance }]) => standing(id)?.isNew !== true && provenance.run === undefined,
      );
      return findMakers(
        store.runsDir,
        earlier.map(([, result]) => result),
      );
    });
    return this.#makers;
  }

  #madeBy(task: TaskId, makers: ReadonlyMap<TaskKey, string>): ResultRecord['madeBy'] {
    const standing = this.#study.standing(task);
    if (standing?.isNew === true) return { kind: 'this-run' };
    if (standing === undefined) return { kind: 'unknown' };
    const { run: told, member } = this.#results.get(task)?.provenance ?? {};
    const run = told ?? makers.get(standing.key);
    const who = member === undefined ? {} : { member };
    const maker = { ...(run === undefined ? {} : { run }), ...who };
    const origin = this.#study.store.originOf?.(standing.key);
    switch (origin?.kind) {
      case 'remote':
        return { kind: 'remote', remote: origin.name, ...maker };
      case 'archive':
        return { kind: 'archive', archive: origin.name, ...maker };
      case undefined:
        return run === undefined ? { kind: 'unknown' } : { kind: 'run', run, ...who };
    }
  }

  #asTyped(): Parameters<typeof dataWords>[0] {
    const { plan, workspace } = this.#study;
    const { root, configuredRoots } = workspace;
    return { plan, configuredRoots, typed: (path) => pathIn(root, path) };
  }

  /** A study file, where it lies in the workspace; one from elsewhere, beside the study file. */
  #nameOf(path: string): string {
    const { plan, workspace } = this.#study;
    return pathIn(workspace.root, path) ?? pathIn(dirname(plan.file), path) ?? basename(path);
  }
}

/** Tasks whose outputs a task reads, once each. */
function readBy({ inputs }: PlannedTask): readonly TaskId[] {
  const read = new Set<TaskId>();
  for (const input of Object.values(inputs)) {
    if (input.kind === 'artifact') read.add(input.from);
    if (input.kind === 'gathered') for (const { from } of input.items) read.add(from);
  }
  return [...read];
}

function resultRecord(
  { key, outputs, provenance }: ActionResult,
  madeBy: ResultRecord['madeBy'],
  log: string | undefined,
): ResultRecord {
  const { startedAt, durationMs, deviceClass, backend, versions, peakMemoryBytes } = provenance;
  return {
    ...{ key, outputs, madeBy, startedAt, durationMs, deviceClass, backend, versions, peakMemoryBytes },
    log,
  };
}
