import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../cache/open-store.ts';
import type { Digest } from '../../../cache/digest.ts';
import type { Store } from '../../../cache/store.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import type { RunEvent } from '../../../engine/run/events.ts';
import type { RunOptions } from '../../../engine/run/run-options.ts';
import { runPlan } from '../../../engine/run/run-plan.ts';
import type { RunSummary } from '../../../engine/run/run-plan.ts';
import { parseSlots } from '../../../engine/run/slots.ts';
import type { Slot } from '../../../engine/run/slots.ts';
import { printedJsonProblem } from '../../support/printed-json.ts';
import { sketchPlan } from './plans.ts';
import type { PlanSketch } from './plans.ts';
import type { Step } from './scripted-kinds.ts';
import { scriptedRegistry } from './scripted-kinds.ts';

/** A store, a study folder and a lease folder of a test's own, removed with it. */
export interface Rig extends AsyncDisposable {
  readonly store: Store;
  readonly studyDir: string;
  readonly leaseDir: string;
  /** Writes a script that a task's `script` option may name. */
  script(name: string, steps: readonly Step[]): Promise<void>;
  /** Runs a plan with real workers. */
  run(sketch: PlanSketch, options?: Partial<RunOptions>): Promise<Ran>;
  /** Lines of a file in the study folder; none where there is no file. */
  lines(file: string): Promise<readonly string[]>;
}

export interface Ran extends RunSummary {
  readonly events: readonly RunEvent[];
  /** Of a task, `cached`, `done` and so on. */
  state(task: string): string | undefined;
  /** The text that a task wrote. */
  text(task: string, output?: string): Promise<string>;
  /** Kinds of events of a task, in order. */
  kinds(task: string): readonly string[];
  failure(task: string): (RunEvent & { readonly kind: 'task-failed' })['failure'] | undefined;
}

export const workerEntry: URL = new URL('./worker-entry.ts', import.meta.url);
export const workerArgs: readonly string[] = ['--import', 'tsx'];

export function cpuSlots(count: number): readonly Slot[] {
  const parsed = parseSlots(`cpu:${count}`, { cores: count, gpus: [] });
  if (parsed.kind === 'invalid') throw new Error(parsed.message);
  return parsed.slots;
}

export async function openRig(): Promise<Rig> {
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-run-'));
  const studyDir = await mkdtemp(join(dir, 'study-'));
  const opened = await openStore({ dir: join(dir, '.sweetspot') });
  if (opened.kind !== 'opened') throw new Error(`no store: ${opened.kind}`);
  const { store } = opened;
  const leaseDir = join(dir, 'leases');
  return {
    store,
    studyDir,
    leaseDir,
    script: (name, steps) => writeFile(join(studyDir, name), JSON.stringify(steps)),
    async run(sketch, options = {}) {
      const plan = sketchPlan({ file: join(studyDir, 'study.yaml'), ...sketch });
      const events: RunEvent[] = [];
      const summary = await runPlan({
        plan,
        registry: scriptedRegistry,
        store,
        workerEntry,
        execArgv: workerArgs,
        slots: cpuSlots(1),
        leaseDir,
        cores: 1,
        ...options,
        onEvent: (event) => {
          events.push(event);
          options.onEvent?.(event);
        },
      });
      for (const event of events) {
        // Whatever the engine's tests make happen is printed as documented.
        const problem = printedJsonProblem('RunLine', event);
        if (problem !== undefined) throw new Error(problem);
      }
      return { ...summary, events, ...readings(summary, events, store) };
    },
    async lines(file) {
      const text = await readFile(join(studyDir, file), 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '');
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 20 }),
  };
}

function readings(
  summary: RunSummary,
  events: readonly RunEvent[],
  store: Store,
): Pick<Ran, 'state' | 'text' | 'kinds' | 'failure'> {
  return {
    state: (task) => summary.results.get(taskId(task))?.kind,
    text: async (task, output = 'out') => {
      const result = summary.results.get(taskId(task));
      const digest = result !== undefined && 'outputs' in result ? result.outputs[output] : undefined;
      if (digest === undefined) throw new Error(`${task} has no ${output}`);
      return readText(store, digest);
    },
    kinds: (task) =>
      events.filter((event) => 'task' in event && event.task === task).map((event) => event.kind),
    failure: (task) => {
      const result = summary.results.get(taskId(task));
      return result?.kind === 'failed' ? result.failure : undefined;
    },
  };
}

async function readText(store: Store, digest: Digest): Promise<string> {
  const found = await store.artifacts.manifest(digest);
  const file = found.kind === 'found' ? found.manifest.files[0] : undefined;
  if (file === undefined) throw new Error(`no artifact ${digest}`);
  const read = await store.blobs.read(file.sha256);
  if (read.kind !== 'found') throw new Error(`no blob ${file.sha256}`);
  return Buffer.from(read.bytes).toString('utf8');
}
