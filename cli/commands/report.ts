import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryPrefix } from '../../cache/local/temporary-file.ts';
import { Keyer } from '../../engine/keys/keyer.ts';
import type { Plan, PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import { standingPart } from '../../engine/plan/standing-part.ts';
import type { PartTask } from '../../engine/plan/standing-part.ts';
import { assessPlan } from '../../engine/run/assess-plan.ts';
import type { PlanAssessment } from '../../engine/run/assess-plan.ts';
import { choosePlanned } from '../choose-planned.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { ReportFlags } from '../flags.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { colours, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { outDirOf } from '../out-dir.ts';
import { prepare } from '../prepare.ts';
import type { Prepared } from '../prepare.ts';
import { makePart } from '../report-now/make-part.ts';
import { placeMade } from '../report-now/place-made.ts';
import { shownPath } from '../workspace.ts';

/** Makes a study's pages from whatever has a result by now. Runs no other task, and stores nothing. */
export async function reportCommand(request: {
  readonly file: string;
  readonly flags: ReportFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  const only = choosePlanned({ plan: ready.plan, only: flags.only ?? [], io });
  if (only === 'unmatched') return exitCode.usage;
  const wanted = pagesOf(ready, only);
  if (wanted.length === 0) {
    complain(
      io,
      only === undefined ? `${ready.plan.study} has no report` : 'none of these tasks makes a page',
      'a study gets one by a task with `uses: report`: docs/reading-the-report.md',
    );
    return exitCode.usage;
  }
  const interrupts = listenForInterrupts();
  const folder = await mkdtemp(join(ready.store.root, 'tmp', `${temporaryPrefix}report-`));
  try {
    return await makePages({ ready, wanted, flags, io, folder, signal: interrupts.drainSignal });
  } finally {
    interrupts.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tasks at a study's end that make pages, and can be asked at any time. */
function pagesOf(
  { plan, registry }: Prepared,
  only: ReadonlySet<TaskId> | undefined,
): readonly PlannedTask[] {
  return [...plan.tasks.values()].filter((task) => {
    const kind = registry.kinds.find((each) => each.kind === task.kind);
    if (kind?.anytime !== true || typeof kind.outputs === 'function') return false;
    if (only !== undefined && !only.has(task.id)) return false;
    return Object.values(kind.outputs).some(({ type }) => type === 'page');
  });
}

interface Pages {
  readonly ready: Prepared;
  readonly wanted: readonly PlannedTask[];
  readonly flags: ReportFlags;
  readonly io: Io;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function makePages(pages: Pages): Promise<ExitCode> {
  const { ready, wanted, flags, io, folder, signal } = pages;
  const { plan, registry, store } = ready;
  const keyer = new Keyer({ plan, registry, store, signal });
  const ids = wanted.map(({ id }) => id);
  const assessment = await assessPlan({ plan, registry, store, deviceClass: '', only: ids, signal, keyer });
  const whole = await wholePages(pages, assessment);
  const unusable = new Map<TaskId, string>();
  // Whether a page stands is a question of its bytes too; of what it reads, that shows when it is read.
  const stands = (id: TaskId): boolean | 'unusable' => {
    if (unusable.has(id)) return 'unusable';
    return ids.includes(id) ? whole.has(id) : assessment.tasks.get(id)?.state === 'cached';
  };
  for (let attempt = 0; ; attempt++) {
    const part = standingPart({ plan, registry, wanted: ids, stands });
    if (!ids.some((id) => part.has(id) || whole.has(id))) return sayNothing(pages, unusable);
    const made = await makePart({
      plan,
      registry,
      store,
      keyer,
      outputOf: (task, output) => assessment.tasks.get(task)?.outputs?.[output],
      part,
      dir: join(folder, String(attempt)),
      signal,
      onWarning: (message) => tell(io, `${colours.yellow('!')} ${message}`),
    });
    if (signal.aborted) return exitCode.interrupted;
    if (made.kind === 'unusable') {
      for (const id of made.tasks) unusable.set(id, made.why);
      continue;
    }
    const outDir = outDirOf({ study: plan.study, workspace: ready.workspace, flags, io });
    for (const { id } of wanted) {
      for (const [output, { dir }] of made.outputs.get(id) ?? whole.get(id) ?? []) {
        const name = output === 'page' ? id : `${id}.${output}`;
        sayPlaced(pages, { path: await placeMade({ dir, outDir, name }), part: part.get(id) });
      }
    }
    for (const why of unusable.values()) tell(io, `${colours.yellow('!')} left out: ${why}`);
    return exitCode.done;
  }
}

type OutputDirs = ReadonlyMap<string, { readonly dir: string }>;

/** Pages that are done, taken out of the store; without those whose bytes are gone. */
async function wholePages(
  { ready: { store }, wanted, folder }: Pages,
  assessment: PlanAssessment,
): Promise<ReadonlyMap<TaskId, OutputDirs>> {
  const whole = new Map<TaskId, OutputDirs>();
  for (const { id } of wanted) {
    const placed = new Map<string, { readonly dir: string }>();
    const outputs = Object.entries(assessment.tasks.get(id)?.outputs ?? {});
    for (const [output, digest] of outputs) {
      const dir = join(folder, 'whole', digest);
      const result = await store.artifacts.materialise(digest, dir);
      if (result.kind === 'materialised') placed.set(output, { dir });
    }
    if (outputs.length > 0 && placed.size === outputs.length) whole.set(id, placed);
  }
  return whole;
}

function sayPlaced(
  { ready: { plan }, io }: Pages,
  { path, part }: { readonly path: string; readonly part: PartTask | undefined },
): void {
  say(io, shownPath(path, io.cwd));
  const missing = missingOf(plan, part);
  tell(
    io,
    missing.size === 0
      ? '  the whole study'
      : `  so far: ${[...missing].map(([name, count]) => `${name} lacks ${count}`).join(', ')}`,
  );
}

/** How many instances of each task are not there yet. */
function missingOf(plan: Plan, part: PartTask | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const ids = new Set(Object.values(part?.absent ?? {}).flatMap((items) => items.map(({ task }) => task)));
  for (const [id, { name }] of plan.tasks) if (ids.has(id)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function sayNothing({ ready, wanted, io }: Pages, unusable: ReadonlyMap<TaskId, string>): ExitCode {
  const why = [...unusable.values()].at(-1);
  complain(
    io,
    `nothing that ${wanted.map(({ id }) => id).join(', ')} shows is there yet${why === undefined ? '' : ` (${why})`}`,
    `sweetspot run ${shownPath(ready.plan.file, io.cwd)} makes it`,
  );
  return exitCode.taskFailed;
}
