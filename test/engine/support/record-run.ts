import { appendFile } from 'node:fs/promises';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';
import type { Store } from '../../../cache/store.ts';
import type { Registry } from '../../../engine/contract/registry.ts';
import { Keyer } from '../../../engine/keys/keyer.ts';
import type { Plan } from '../../../engine/plan/plan.ts';
import { DataLists } from '../../../engine/run/data-lists.ts';
import type { Outputs, RunEvent, TaskFailure } from '../../../engine/run/events.ts';
import { beginJournal } from '../../../engine/run/journal-writer.ts';
import { runFolder } from '../../../engine/run/run-folder.ts';

/** What a task is recorded to have come to, if not `done`. */
export type Ending =
  | { readonly kind: 'failed'; readonly failure: TaskFailure }
  /** The run ended while it was running. */
  | { readonly kind: 'running' }
  /** Bytes that its outputs come from, in place of its key: so that it may differ where its key does not. */
  | { readonly kind: 'done'; readonly bytes: string };

/** Records a run of a plan as if it had happened: actions, results, lists of data and the journal, without any process. */
export async function recordRun(request: {
  readonly store: Store;
  readonly plan: Plan;
  readonly registry: Registry;
  readonly run: string;
  readonly endings?: { readonly [task: string]: Ending };
  /** `false`: without an end, as if its driver had been killed. */
  readonly finished?: boolean;
}): Promise<void> {
  const { store, plan, registry, run, endings = {} } = request;
  const folder = runFolder(store.runsDir, run);
  const at = '2030-01-01T00:00:00.000Z';
  const journal = await beginJournal({ folder, run, plan, sources: undefined, startedAt: at });
  const lists = new DataLists(folder.dataDir);
  const keyer = new Keyer({ plan, registry, store, signal: new AbortController().signal });
  const outputs = new Map<string, Outputs>();
  const lost = new Map<string, string>();
  const events: RunEvent[] = [
    { kind: 'run-started', at, run, study: plan.study, tasks: plan.tasks.size, slots: ['cpu:0'] },
  ];
  for (const id of plan.graph.topologicalOrder()) {
    const task = plan.tasks.get(id)!;
    const by = plan.graph
      .producersOf(id)
      .map((each) => lost.get(each))
      .find((each) => each !== undefined);
    if (by !== undefined) {
      lost.set(id, by);
      events.push({ kind: 'task-blocked', at, task: id, by: by as typeof id });
      continue;
    }
    const keyed = await keyer.key(task, (from, output) => outputs.get(from)?.[output]);
    if (keyed.kind !== 'keyed') throw new Error(`${id}: ${keyed.kind}`);
    const { key, text } = keyed.keyed;
    for (const data of keyed.data.values()) await lists.pathOf(data);
    const ending = endings[id];
    events.push({ kind: 'task-keyed', at, task: id, key });
    events.push({
      kind: 'task-started',
      at,
      task: id,
      key,
      attempt: 1,
      slot: 'cpu:0',
      pid: 1,
      resumed: false,
    });
    if (ending?.kind === 'running') {
      lost.set(id, id);
    } else if (ending?.kind === 'failed') {
      lost.set(id, id);
      events.push({
        kind: 'task-failed',
        at,
        task: id,
        attempt: 1,
        failure: ending.failure,
        willRetry: false,
      });
    } else {
      const made = outputsOf(task.kind, registry, task.options, ending?.bytes ?? key);
      outputs.set(id, made);
      await store.blobs.putBytes(text);
      await store.actions.put({
        format: 1,
        key,
        outputs: made,
        provenance: {
          kind: task.kind,
          startedAt: at,
          durationMs: 5,
          deviceClass: 'cpu-t1',
          backend: 'none',
          versions: {},
        },
      });
      events.push({ kind: 'task-done', at, task: id, key, durationMs: 5, outputs: made });
    }
  }
  if (request.finished !== false) {
    const counts = { cached: 0, done: outputs.size, failed: lost.size, blocked: 0, notRun: 0 };
    events.push({
      kind: 'run-finished',
      at,
      outcome: lost.size > 0 ? 'failed' : 'done',
      counts,
      durationMs: 9,
    });
  }
  await journal.close();
  await appendFile(folder.eventsFile, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

function outputsOf(kind: string, registry: Registry, options: object, bytes: string): Outputs {
  const declared = registry.kinds.find((each) => each.kind === kind)?.outputs ?? {};
  const ports = typeof declared === 'function' ? declared(options as never) : declared;
  return Object.fromEntries(
    Object.keys(ports).map((output): [string, Digest] => [output, digestOf(`${bytes} ${output}`)]),
  );
}
