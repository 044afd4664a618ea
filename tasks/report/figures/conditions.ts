import { oodSetNamed } from '../../../vision/ood/sets.ts';
import type { Series } from '../../readings/series.ts';
import { drawConditionMap, heatScale } from '../charts/condition-map.ts';
import type { Draw } from '../charts/draw.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { setLabel } from '../page/labels.ts';
import { percentFactor } from '../page/numbers.ts';
import type { Door } from '../study/doors.ts';
import { distinct, lineOf, mainMetric, seriesAbout } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';
import type { Figure } from './figure.ts';

/** A set's accuracies by condition. */
interface ConditionTable {
  readonly line: Line;
  readonly set: string;
  readonly sparsities: readonly number[];
  readonly conditions: readonly string[];
  /** By sparsity. */
  readonly doors: readonly Door[];
  readonly accuracy: readonly (readonly (number | undefined)[])[];
}

/** Accuracy on each condition of the sets that have conditions: at which strength sparse models give way. */
export const conditions: Figure = {
  name: 'conditions',
  render: (study, draw) => {
    const series = mainMetric(seriesAbout(study, 'sets'));
    const tables = series.flatMap((one) => tableOf(study, one));
    if (tables.length === 0) return undefined;
    const highest =
      Math.ceil(
        10 * Math.max(...tables.flatMap((table) => table.accuracy.flat().map((value) => value ?? 0))),
      ) / 10;
    const longest = Math.max(
      ...tables.flatMap((table) => table.conditions.map((condition) => condition.length)),
    );
    const labelWidth = 10 + 6.2 * longest;
    const lines = study.lines.filter((line) => tables.some((table) => table.line === line));
    return {
      id: 'conditions',
      title: 'Conditions',
      body: html`<p class="lead">
          Most sets come in steps of strength. Each row is one condition, each column one sparsity; a row that
          stays dark to the right is a distortion that pruning does not make worse.
        </p>
        <figure>
          ${heatScale(highest)}
          ${lines.map((line) => linePanels({ draw, line, tables, highest, alone: lines.length === 1, labelWidth }))}
          <figcaption>
            Accuracy by condition (rows, the mildest first) and sparsity in per cent (columns), means over
            seeds.
          </figcaption>
        </figure>`,
    };
  },
};

interface LineRequest {
  readonly draw: Draw;
  readonly line: Line;
  readonly tables: readonly ConditionTable[];
  readonly highest: number;
  readonly alone: boolean;
  readonly labelWidth: number;
}

function linePanels({ draw, line, tables, highest, alone, labelWidth }: LineRequest): Html {
  const own = tables.filter((table) => table.line === line);
  return html`${alone ? undefined : html`<h3 class="line-name">${line.label}</h3>`}
    <div class="panels four">
      ${own.map(
        (table) =>
          html`<section class="panel">
            <h4>${setLabel(table.set)}</h4>
            ${drawConditionMap(draw, {
              ...table,
              labelWidth,
              highest,
              label: `Accuracy by condition and sparsity, ${setLabel(table.set)}, ${line.label}`,
            })}
          </section>`,
      )}
    </div>`;
}

function tableOf(study: Study, series: Series): readonly ConditionTable[] {
  const line = lineOf(study, series);
  const named = series.points.flatMap((point) => point.runs.flatMap((run) => distinct(run.conditions ?? [])));
  const conditions = inOrder(series.set, distinct(named.filter((condition) => condition !== null)));
  if (conditions.length < 2 || series.set === undefined) return [];
  const factor = percentFactor(series.unit) ?? 1;
  const byPoint = series.points.map((point) => {
    const sums = new Map<string, { sum: number; count: number }>();
    for (const run of point.runs) {
      run.conditions?.forEach((condition, i) => {
        const value = run.values[i] ?? null;
        if (condition === null || value === null) return;
        const entry = sums.get(condition) ?? { sum: 0, count: 0 };
        sums.set(condition, { sum: entry.sum + value, count: entry.count + 1 });
      });
    }
    return sums;
  });
  const accuracy = conditions.map((condition) =>
    byPoint.map((sums) => {
      const entry = sums.get(condition);
      return entry === undefined ? undefined : (entry.sum / entry.count) * (factor / 100);
    }),
  );
  const sparsities = series.points.map((point) => point.sparsity);
  const doors = series.points.map(({ runs }) =>
    study.doors.doorOf({ line: line.index, metric: series.metric, runs }),
  );
  return [{ line, set: series.set, sparsities, doors, conditions, accuracy }];
}

/** From the mildest to the hardest where the set is known, else numbers by size and names as they come. */
function inOrder(set: string | undefined, conditions: readonly string[]): readonly string[] {
  const known = set === undefined ? [] : (oodSetNamed(set)?.conditions ?? []);
  if (conditions.every((condition) => known.includes(condition)))
    return known.filter((condition) => conditions.includes(condition));
  const numbers = conditions.every((condition) => condition !== '' && Number.isFinite(Number(condition)));
  return numbers ? [...conditions].sort((a, b) => Number(a) - Number(b)) : conditions;
}
