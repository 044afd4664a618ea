import type { AbsentInput, InputArtifact } from '../../engine/contract/task-context.ts';
import type { GatheredItem, PlannedTask } from '../../engine/plan/plan.ts';
import { readStudy } from '../../tasks/report/study/read-study.ts';
import type { Study } from '../../tasks/report/study/study.ts';
import { scoresOutput } from './compare-scores.ts';
import type { LaidOutRun } from './compare-scores.ts';

export interface RunStudy {
  readonly study: Study;
  /** Of what is compared, the tasks without a result. */
  readonly absent: readonly AbsentInput[];
  /** Tasks whose bytes are no longer in the store. */
  readonly gone: readonly string[];
  /** Whether the run itself decided where its sweet spots are. */
  readonly hasDecided: boolean;
}

/**
 * The scores of a run with their places in its study: those that its reports gather, with the sweet spots that they show; of a
 * study without a report, all that any task makes.
 */
export async function readRunStudy(run: LaidOutRun): Promise<RunStudy> {
  const reports = [...run.planned.values()].filter(({ kind }) => kind === 'report');
  const scores = reports.flatMap((report) => gathered(report, 'scores'));
  const tables = reports.flatMap((report) => gathered(report, 'tables'));
  const wanted = { scores: distinct(reports.length > 0 ? scores : allScores(run)), tables: distinct(tables) };
  const found = { scores: await layOut(run, wanted.scores), tables: await layOut(run, wanted.tables) };
  const seedAxes = reports.map(({ options }) => options?.['seed_axes']).find(Array.isArray);
  const study = await readStudy(
    {
      ...{ scores: found.scores.artifacts, previews: [], tables: found.tables.artifacts, models: [] },
      absent: { scores: found.scores.absent, others: found.tables.absent },
    },
    {
      ...{ title: '', description: '', limits: { heatmapImages: 0, heatmapIds: [], heatmapColumns: 0 } },
      seedAxes: (seedAxes as readonly string[] | undefined) ?? ['seed'],
    },
  );
  return {
    study,
    absent: [...found.scores.absent, ...found.tables.absent],
    gone: [...found.scores.gone, ...found.tables.gone],
    hasDecided: found.tables.artifacts.length > 0,
  };
}

function gathered({ inputs }: Partial<PlannedTask>, name: string): readonly GatheredItem[] {
  const input = inputs?.[name];
  return input?.kind === 'gathered' ? input.items : [];
}

function allScores(run: LaidOutRun): readonly GatheredItem[] {
  return [...run.planned.values()].flatMap((task) => {
    const output = scoresOutput(task);
    if (output === undefined || task.id === undefined) return [];
    return [
      { from: task.id, output, coordinates: task.coordinates ?? {}, facts: task.facts?.[output] ?? {} },
    ];
  });
}

function distinct(items: readonly GatheredItem[]): readonly GatheredItem[] {
  return [...new Map(items.map((item) => [`${item.from}.${item.output}`, item])).values()];
}

interface LaidOutItems {
  readonly artifacts: readonly InputArtifact[];
  readonly absent: readonly AbsentInput[];
  readonly gone: readonly string[];
}

async function layOut(run: LaidOutRun, items: readonly GatheredItem[]): Promise<LaidOutItems> {
  const artifacts: InputArtifact[] = [];
  const absent: AbsentInput[] = [];
  const gone: string[] = [];
  for (const { from, output, coordinates, facts } of items) {
    const digest = run.tasks.get(from)?.outputs[output];
    if (digest === undefined) {
      const { name = from, kind = '' } = run.planned.get(from) ?? {};
      absent.push({ task: from, name, kind, facts, coordinates });
      continue;
    }
    const dir = await run.laidOut.dirOf(digest);
    if (dir === undefined) gone.push(from);
    else artifacts.push({ digest, facts, coordinates, dir });
  }
  return { artifacts, absent, gone };
}
