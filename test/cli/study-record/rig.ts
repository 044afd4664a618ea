import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Provenance } from '../../../cache/action-store.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest, TaskKey } from '../../../cache/digest.ts';
import { openStore } from '../../../cache/open-store.ts';
import type { Store } from '../../../cache/store.ts';
import { deliver } from '../../../cli/deliver.ts';
import type { Delivered } from '../../../cli/deliver.ts';
import { Dresser } from '../../../cli/study-record/dresser.ts';
import type { RecordedStudy } from '../../../cli/study-record/study-recorder.ts';
import type { Registry } from '../../../engine/contract/registry.ts';
import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import type { Plan } from '../../../engine/plan/plan.ts';
import type { RunEvent } from '../../../engine/run/events.ts';
import { beginJournal } from '../../../engine/run/journal-writer.ts';
import { runFolder } from '../../../engine/run/run-folder.ts';
import { loadStudy } from '../../../engine/study/load-study.ts';
import { fakeRegistry } from '../../engine/support/fake-registry.ts';
import { believeStamps } from '../../support/believe-stamps.ts';

export const studyText = `# why this study is made
study: rounds
params: { epochs: 2, fraction: 0.5 }
data: { train: { uses: shapes } }
matrix: { seed: [0, 1] }
tasks:
  dense: { uses: train, with: { model: resnet20, data: "\${{ data.train }}", seed: "\${{ matrix.seed }}", recipe: { epochs: "\${{ params.epochs }}" } } }
  cut: { uses: prune, with: { model: "\${{ dense.model }}", fraction: "\${{ params.fraction }}" } }
  score: { uses: evaluate, with: { model: "\${{ cut.model }}", data: "\${{ data.train }}" } }
  report: { uses: report, with: { scores: ["\${{ all.score.scores }}"] } }
`;

/** Pages get the record behind what they are. */
export const dressingRegistry: Registry = {
  ...fakeRegistry,
  types: fakeRegistry.types.map((type) =>
    type.type !== 'page'
      ? type
      : {
          ...type,
          dress: async (dir, record) => {
            const path = join(dir, 'report.html');
            await writeFile(path, `${await readFile(path, 'utf8')}\n${JSON.stringify(record)}`);
          },
        },
  ),
};

/** The record in a page that was dressed so; undefined in one that was not. */
export function recordIn(html: string): StudyRecord | undefined {
  const json = html.split('\n')[1];
  return json === undefined ? undefined : (JSON.parse(json) as StudyRecord);
}

export interface RecordRig {
  readonly root: string;
  readonly outDir: string;
  readonly store: Store;
  readonly plan: Plan;
  readonly sources: ReadonlyMap<string, string>;
  /** Lets a task have a result, without running it. */
  finish(
    task: string,
    made?: Partial<Provenance> & {
      readonly said?: string;
      readonly files?: { readonly [name: string]: string };
    },
  ): Promise<void>;
  /** The same of every task. */
  finishAll(): Promise<void>;
  keyOf(task: string): TaskKey;
  /** Records a run that tells of these events alone. */
  journal(run: string, events: readonly RunEvent[]): Promise<void>;
  study(changes?: Partial<RecordedStudy>): RecordedStudy;
  deliver(changes?: Partial<RecordedStudy> & { readonly registry?: Registry }): Promise<Delivered>;
}

const provenance: Provenance = {
  kind: 'any',
  startedAt: '2026-01-01T10:00:00.000Z',
  durationMs: 1000,
  deviceClass: 'cpu-t1',
  backend: 'wasm',
  versions: { sweetspot: '0.1.0' },
};

/** A planned study in a workspace of its own, whose results stand as a test says. */
export async function recordRig(
  study: {
    /** By path in the workspace, the study file first. */
    readonly files?: { readonly [path: string]: string };
    readonly params?: { readonly [name: string]: string };
    readonly dataRoots?: { readonly [name: string]: string };
    readonly configuredRoots?: { readonly [name: string]: string };
    readonly smoke?: boolean;
  } = {},
): Promise<RecordRig> {
  const root = mkdtempSync(join(tmpdir(), 'sweetspot-record-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const { files = { 'study.yaml': studyText } } = study;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const loaded = await loadStudy({
    file: join(root, Object.keys(files)[0] ?? ''),
    registry: dressingRegistry,
    params: new Map(Object.entries(study.params ?? {})),
    dataRoots: new Map(Object.entries({ ...study.configuredRoots, ...study.dataRoots })),
    smoke: study.smoke ?? false,
  });
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.diagnostics));
  const { plan, sources } = loaded;
  const opened = await openStore({ dir: join(root, '.sweetspot') });
  if (opened.kind !== 'opened') throw new Error(opened.kind);
  const { store } = opened;
  const configuredRoots = new Map(Object.entries(study.configuredRoots ?? {}));
  const outputs = new Map<string, { readonly [output: string]: Digest }>();
  const keyOf = (task: string): TaskKey => digestOf(`key of ${task}`) as string as TaskKey;
  const rig: RecordRig = {
    ...{ root, outDir: join(root, 'out'), store, plan, sources, keyOf },
    async finish(task, { said, files: beside = {}, ...made } = {}) {
      const key = keyOf(task);
      const log = said === undefined ? {} : { log: await putText(store, said) };
      const kept = { [task.startsWith('report') ? 'page' : 'out']: await putPage(store, task, beside) };
      outputs.set(task, kept);
      await store.actions.put({
        ...{ format: 1, key, outputs: kept },
        provenance: { ...provenance, ...log, ...made },
      });
    },
    async finishAll() {
      for (const id of plan.tasks.keys()) await rig.finish(id);
    },
    async journal(run, events) {
      const folder = runFolder(store.runsDir, run);
      const journal = await beginJournal({ folder, run, plan, sources: [], startedAt: provenance.startedAt });
      for (const event of events) journal.append(event);
      await journal.close();
    },
    study: (changes) => ({
      ...{ plan, sources, store, workspace: { root, configuredRoots }, run: undefined },
      standing: (task) => (outputs.has(task) ? { key: keyOf(task), isNew: false } : undefined),
      ...changes,
    }),
    async deliver({ registry = dressingRegistry, ...changes } = {}) {
      const dresser = new Dresser({ ...rig.study(changes), registry });
      const made = await deliver({ plan, registry, store, results: outputs, outDir: rig.outDir, dresser });
      believeStamps(store.root);
      return made;
    },
  };
  return rig;
}

export function done(rig: RecordRig, task: string, at: string): RunEvent {
  return {
    ...{ kind: 'task-done', at, task: taskId(task), key: rig.keyOf(task) },
    ...{ durationMs: 1, outputs: {} },
  };
}

async function putText(store: Store, text: string): Promise<Digest> {
  const put = await store.blobs.putBytes(text);
  if (put.kind !== 'stored') throw new Error(put.kind);
  return put.digest;
}

async function putPage(
  store: Store,
  task: string,
  beside: { readonly [name: string]: string },
): Promise<Digest> {
  const dir = mkdtempSync(join(store.root, 'tmp', 'page-'));
  writeFileSync(join(dir, 'report.html'), `<!doctype html>${task}`);
  for (const [name, text] of Object.entries(beside)) writeFileSync(join(dir, name), text);
  const put = await store.artifacts.putTree(dir);
  if (put.kind !== 'stored') throw new Error(put.kind);
  return put.digest;
}
