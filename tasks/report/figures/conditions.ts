import { drawConditionCurves } from '../charts/condition-curves.ts';
import type { ConditionCurve } from '../charts/condition-curves.ts';
import type { Draw } from '../charts/draw.ts';
import { stepLegend, swatch } from '../charts/legend.ts';
import { steps } from '../charts/palette.ts';
import { valueAxis } from '../charts/value-axis.ts';
import type { ValueAxis } from '../charts/value-axis.ts';
import { conditionRows } from '../data/condition-rows.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { setLabel } from '../page/labels.ts';
import { scoreText, sparsityText } from '../page/numbers.ts';
import { humanLevel } from '../study/human-levels.ts';
import { distinct, mainMetric, seriesAbout } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import { conditionTables } from './condition-tables.ts';
import type { ConditionTable } from './condition-tables.ts';
import { conditionMaps } from './condition-maps.ts';
import type { Figure } from './figure.ts';

/** Accuracy against the strength of each distortion: at which strength sparse models give way, and people. */
export const conditions: Figure = {
  name: 'conditions',
  render: (study, draw) => {
    const tables = conditionTables(study);
    if (tables.length === 0) return undefined;
    const lines = study.lines.filter((line) => tables.some((table) => table.line === line));
    const legends = lines.map((line) =>
      legendOf(
        study,
        tables.filter((table) => table.line === line),
      ),
    );
    const once = distinct(legends.map(({ markup }) => markup)).length === 1;
    const y = valueAxis({
      values: tables.flatMap((table) => valuesOf(study, table)),
      fromZero: true,
      suffix: '%',
    });
    const withPeople = tables.some(({ set }) => humanLevel(study, set) !== undefined);
    return {
      id: 'conditions',
      title: 'Condition curves',
      data: conditionRows(mainMetric(seriesAbout(study, 'sets'))),
      body: html`<p class="lead">
          Most sets come in steps of strength, the mildest at the left. A sparse model whose line falls below
          the dense one only at the right gives way to strong distortions
          alone.${withPeople ? ' Open squares are people on the same images.' : ''}
        </p>
        <figure>
          ${once ? legends[0] : undefined}
          ${lines.map(
            (line, i) =>
              html`<h3 class="line-name">${swatch(line)} ${line.label}</h3>
                ${once ? undefined : legends[i]}
                <div class="panels six">
                  ${tables.filter((table) => table.line === line).map((table) => panel({ study, draw, table, y }))}
                </div>`,
          )}
          <figcaption>
            Accuracy against condition, means over seeds, for sparsities from dense to sparsest. All panels
            share the vertical axis.
          </figcaption>
        </figure>
        ${conditionMaps(draw, lines, tables)}`,
    };
  },
};

/** Places of the sparsities that are drawn: the first, the last, and evenly between. */
function chosen({ sparsities }: ConditionTable): readonly number[] {
  const count = Math.min(steps.length, sparsities.length);
  if (count < 2) return [0];
  return Array.from({ length: count }, (_, i) => Math.round((i * (sparsities.length - 1)) / (count - 1)));
}

function legendOf(study: Study, tables: readonly ConditionTable[]): Html {
  const longest = [...tables].sort((a, b) => b.sparsities.length - a.sparsities.length)[0]!;
  const names = chosen(longest).map((place) => nameOf(longest.sparsities[place]!));
  return stepLegend(
    names,
    tables.some(({ set }) => humanLevel(study, set) !== undefined),
  );
}

function nameOf(sparsity: number): string {
  return sparsity === 0 ? 'dense' : sparsityText(sparsity);
}

function valuesOf(study: Study, { set, accuracy }: ConditionTable): readonly number[] {
  const people = [...(humanLevel(study, set)?.byCondition.values() ?? [])];
  return [...accuracy.flat().filter((value) => value !== undefined), ...people].map((value) => value * 100);
}

interface PanelRequest {
  readonly study: Study;
  readonly draw: Draw;
  readonly table: ConditionTable;
  readonly y: ValueAxis;
}

function panel({ study, draw, table, y }: PanelRequest): Html {
  const { line, set, conditions, sparsities, accuracy } = table;
  const curves = chosen(table).map((place, step) => ({
    step,
    points: conditions.flatMap((condition, row) => {
      const value = accuracy[row]![place];
      if (value === undefined) return [];
      const who = `${line.label}, ${nameOf(sparsities[place]!)}`;
      return [{ ...pointOf({ set, condition, value, who }), door: table.doors[place] }];
    }),
  }));
  const people = humanLevel(study, set)?.byCondition;
  const among = people && {
    step: 0,
    points: conditions.flatMap((condition) => {
      const value = people.get(condition);
      return value === undefined ? [] : [pointOf({ set, condition, value, who: 'people' })];
    }),
  };
  return html`<section class="panel">
    <h4>${setLabel(set)}</h4>
    ${drawConditionCurves(draw, { label: `Accuracy against condition, ${setLabel(set)}, ${line.label}`, conditions, curves, people: among, y })}
  </section>`;
}

interface PointRequest {
  readonly set: string;
  readonly condition: string;
  /** A fraction of 1. */
  readonly value: number;
  readonly who: string;
}

function pointOf({ set, condition, value, who }: PointRequest): ConditionCurve['points'][number] {
  const title = `${setLabel(set)}, ${condition}\n${who}: ${scoreText(value, 'fraction')}`;
  return { condition, value: value * 100, title };
}
