import { createHash } from 'node:crypto';
import type { AbsentInput, InputArtifact } from '../../../engine/contract/task-context.ts';
import { collectReadings } from '../../readings/collect-readings.ts';
import type { ControlReadings } from '../../readings/collect-readings.ts';
import { pointIntervals } from '../../readings/point-interval.ts';
import { seriesOf } from '../../readings/series.ts';
import type { Series } from '../../readings/series.ts';
import { decideAll } from '../../sweet-spots/decide.ts';
import type { SweetSpotsFile } from '../../sweet-spots/decision.ts';
import { readSweetSpots } from '../../sweet-spots/read-sweet-spots.ts';
import { defaultRule } from '../../sweet-spots/rule.ts';
import { readTableFile } from '../../sweet-spots/table-file.ts';
import type { TableFile } from '../../sweet-spots/table-file.ts';
import { plural } from '../page/numbers.ts';
import { doorsTo } from './doors.ts';
import { isHeadline, isTold } from './headline.ts';
import { linesOf } from './lines.ts';
import { readModelCards } from './read-models.ts';
import { readPreviews } from './read-previews.ts';
import { scoreName } from './score-name.ts';
import type { HeatmapLimits, Sources, Study, Unfinished } from './study.ts';

export interface StudyInputs {
  readonly scores: readonly InputArtifact[];
  readonly previews: readonly InputArtifact[];
  readonly tables: readonly InputArtifact[];
  readonly models: readonly InputArtifact[];
  readonly absent: { readonly scores: readonly AbsentInput[]; readonly others: readonly AbsentInput[] };
}

export interface StudyOptions {
  readonly title: string;
  readonly description: string;
  readonly limits: HeatmapLimits;
  readonly seedAxes: readonly string[];
}

/** Reads everything that the page will show. */
export async function readStudy(inputs: StudyInputs, options: StudyOptions): Promise<Study> {
  const { readings, controls, withoutSparsity, awaited } = await collectReadings(
    inputs.scores,
    options.seedAxes,
    inputs.absent.scores,
  );
  const series = seriesOf(readings);
  const { decided, tables } = await readTables(inputs.tables);
  const previews = await readPreviews(inputs.previews, options.seedAxes);
  const lines = linesOf([...series, ...previews, ...awaited]);
  const remarks =
    withoutSparsity === 0
      ? []
      : [`${plural(withoutSparsity, 'score')} without a known sparsity could not be placed.`];
  return {
    title: options.title,
    description: options.description,
    lines,
    seeds: [...new Set(readings.map((reading) => reading.seed))].filter((seed) => seed !== ''),
    series,
    doors: doorsTo(readings, scoreName),
    intervalOf: pointIntervals({}),
    ...decisionsOf(decided, series, controls),
    tables,
    previews: previews.map((set) => ({
      ...set,
      line: lines.find((line) => line.model === set.model && line.variant === set.variant)!,
    })),
    models: await readModelCards(inputs.models),
    awaited,
    unfinished: unfinishedOf([...inputs.absent.scores, ...inputs.absent.others]),
    limits: options.limits,
    sources: sourcesOf(inputs, remarks),
  };
}

function unfinishedOf(absent: readonly AbsentInput[]): readonly Unfinished[] {
  const byName = new Map<string, Set<string>>();
  for (const { name, task } of absent) byName.set(name, (byName.get(name) ?? new Set()).add(task));
  return [...byName].map(([name, tasks]) => ({ name, missing: tasks.size }));
}

async function readTables(
  artifacts: readonly InputArtifact[],
): Promise<{ readonly decided: readonly SweetSpotsFile[]; readonly tables: readonly TableFile[] }> {
  const decided: SweetSpotsFile[] = [];
  const tables: TableFile[] = [];
  for (const { dir } of artifacts) {
    const file = await readSweetSpots(dir);
    if (file === undefined) tables.push(await readTableFile(dir));
    else decided.push(file);
  }
  return { decided, tables };
}

function decisionsOf(
  decided: readonly SweetSpotsFile[],
  series: readonly Series[],
  controls: readonly ControlReadings[],
): Pick<Study, 'decisions' | 'rule' | 'controls'> {
  const [first] = decided;
  const all =
    first === undefined
      ? decideAll(series.filter(isHeadline), defaultRule, controls)
      : decided.flatMap((file) => file.decisions).filter(isHeadline);
  const names = first === undefined ? controls.map(({ control }) => control) : first.controls;
  return { rule: first?.rule ?? defaultRule, controls: names, decisions: all.filter(isTold) };
}

function sourcesOf(inputs: StudyInputs, remarks: readonly string[]): Sources {
  const hash = createHash('sha256');
  const all = [inputs.scores, inputs.previews, inputs.tables, inputs.models];
  for (const group of all) for (const { digest } of group) hash.update(`${digest}\n`);
  const counts = [
    { what: 'scores', count: inputs.scores.length },
    { what: 'previews', count: inputs.previews.length },
    { what: 'tables', count: inputs.tables.length },
    { what: 'models', count: inputs.models.length },
  ].filter(({ count }) => count > 0);
  return { counts, fingerprint: hash.digest('hex'), remarks };
}
