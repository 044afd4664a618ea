import { rm } from 'node:fs/promises';
import { Keyer } from '../../engine/keys/keyer.ts';
import type { Plan, PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import type { PartTask } from '../../engine/plan/standing-part.ts';
import { assessPlan } from '../../engine/run/assess-plan.ts';
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
import { makePages, pageTasks } from '../report-now/make-pages.ts';
import type { Page } from '../report-now/make-pages.ts';
import { pagesFolder } from '../report-now/pages-folder.ts';
import { placeMade } from '../report-now/place-made.ts';
import { commandIn } from '../study-record/recorded-command.ts';
import { Dresser } from '../study-record/dresser.ts';
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
  const wanted = pageTasks(ready.plan, ready.registry).filter(({ id }) => only?.has(id) !== false);
  if (wanted.length === 0) {
    complain(
      io,
      only === undefined ? `${ready.plan.study} has no report` : 'none of these tasks makes a page',
      'a study gets one by a task with `uses: report`: docs/reading-the-report.md',
    );
    return exitCode.usage;
  }
  const interrupts = listenForInterrupts();
  const folder = await pagesFolder(ready.store);
  try {
    return await makeAndPlace({ ready, wanted, flags, io, folder, signal: interrupts.drainSignal });
  } finally {
    interrupts.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Request {
  readonly ready: Prepared;
  readonly wanted: readonly PlannedTask[];
  readonly flags: ReportFlags;
  readonly io: Io;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function makeAndPlace({ ready, wanted, flags, io, folder, signal }: Request): Promise<ExitCode> {
  const { plan, registry, store } = ready;
  const keyer = new Keyer({ plan, registry, store, signal });
  const ids = wanted.map(({ id }) => id);
  const assessment = await assessPlan({ plan, registry, store, deviceClass: '', only: ids, signal, keyer });
  const made = await makePages({
    ...{ plan, registry, store, keyer, folder, signal },
    wanted: ids,
    outputsOf: (task) => assessment.tasks.get(task)?.outputs,
    onWarning: (message) => tell(io, `${colours.yellow('!')} ${message}`),
  });
  switch (made.kind) {
    case 'aborted':
      return exitCode.interrupted;
    case 'nothing':
      complain(
        io,
        `nothing that ${ids.join(', ')} shows is there yet${made.why === undefined ? '' : ` (${made.why})`}`,
        `${commandIn(io.cwd, ready)} makes it`,
      );
      return exitCode.taskFailed;
    case 'made': {
      const outDir = outDirOf({ study: plan.study, workspace: ready.workspace, flags, io });
      const dresser = new Dresser({
        ...ready,
        standing: (task) => {
          const { key, outputs } = assessment.tasks.get(task) ?? {};
          return key === undefined || outputs === undefined ? undefined : { key, isNew: false };
        },
        run: undefined,
      });
      for (const [id, page] of made.pages) await place({ plan, io, outDir, id, page, dresser });
      for (const why of made.leftOut) tell(io, `${colours.yellow('!')} left out: ${why}`);
      return exitCode.done;
    }
  }
}

async function place(placed: {
  readonly plan: Plan;
  readonly io: Io;
  readonly outDir: string;
  readonly id: TaskId;
  readonly page: Page;
  readonly dresser: Dresser;
}): Promise<void> {
  const { plan, io, outDir, id, page, dresser } = placed;
  for (const [output, { dir }] of page.outputs) {
    const undressed = await dresser.of(plan.tasks.get(id)!, output)?.dress(dir);
    if (undressed !== undefined) tell(io, `${colours.yellow('!')} ${undressed}`);
    const name = output === 'page' ? id : `${id}.${output}`;
    say(io, shownPath(await placeMade({ dir, outDir, name }), io.cwd));
  }
  const missing = missingOf(plan, page.part);
  const text = [...missing].map(([name, count]) => `${name} lacks ${count}`).join(', ');
  tell(io, missing.size === 0 ? '  the whole study' : `  so far: ${text}`);
}

/** How many instances of each task are not there yet. */
function missingOf(plan: Plan, part: PartTask | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const ids = new Set(Object.values(part?.absent ?? {}).flatMap((items) => items.map(({ task }) => task)));
  for (const [id, { name }] of plan.tasks) if (ids.has(id)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
