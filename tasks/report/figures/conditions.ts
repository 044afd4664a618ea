import { drawConditionCurves } from '../charts/condition-curves.ts';
import { drawConditionMap, heatScale } from '../charts/condition-map.ts';
import type { Draw } from '../charts/draw.ts';
import { stepLegend, swatch } from '../charts/legend.ts';
import { steps } from '../charts/palette.ts';
import { valueAxis } from '../charts/value-axis.ts';
import type { ValueAxis } from '../charts/value-axis.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { setLabel } from '../page/labels.ts';
import { scoreText, sparsityText } from '../page/numbers.ts';
import { humanLevel } from '../study/human-levels.ts';
import { distinct } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';
import { conditionTables } from './condition-tables.ts';
import type { ConditionTable } from './condition-tables.ts';
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
      body: html`<p class="lead">
          Most sets come in steps of strength, the mildest at the left. A sparse model whose line falls below
          the dense one only at the right gives way to strong distortions
          alone.${withPeople ? ' The dashed line is what people reach.' : ''}
        </p>
        <figure>
          ${once ? legends[0] : undefined}
          ${lines.map(
            (line, i) =>
              html`<h3 class="line-name">${swatch(line)} ${line.label}</h3>
                ${once ? undefined : legends[i]}
                <div class="panels four">
                  ${tables.filter((table) => table.line === line).map((table) => panel({ study, draw, table, y }))}
                </div>`,
          )}
          <figcaption>
            Accuracy against condition, means over seeds, for sparsities from dense to sparsest. All panels
            share the vertical axis.
          </figcaption>
        </figure>
        ${maps(draw, lines, tables)}`,
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
  const title = setLabel(set);
  const point = (condition: string, value: number | undefined, who: string) =>
    value === undefined
      ? []
      : [
          {
            condition,
            value: value * 100,
            title: `${title}, ${condition}\n${who}: ${scoreText(value, 'fraction')}`,
          },
        ];
  const curves = chosen(table).map((place, step) => ({
    step,
    points: conditions.flatMap((condition, row) =>
      point(condition, accuracy[row]![place], `${line.label}, ${nameOf(sparsities[place]!)}`),
    ),
  }));
  const people = humanLevel(study, set)?.byCondition;
  const among = people && {
    step: 0,
    points: conditions.flatMap((condition) => point(condition, people.get(condition), 'people')),
  };
  return html`<section class="panel">
    <h4>${title}</h4>
    ${drawConditionCurves(draw, { label: `Accuracy against condition, ${title}, ${line.label}`, conditions, curves, people: among, y })}
  </section>`;
}

/** Every sparsity, for those who look for one: rows are conditions, columns sparsities. */
function maps(draw: Draw, lines: readonly Line[], tables: readonly ConditionTable[]): Html {
  const values = tables.flatMap((table) => table.accuracy.flat().map((value) => value ?? 0));
  const highest = Math.max(0.1, Math.ceil(10 * Math.max(...values)) / 10);
  const longest = Math.max(...tables.flatMap((table) => table.conditions.map((name) => name.length)));
  return html`<details class="numbers">
    <summary>All sparsities</summary>
    <p>Each row is one condition, each column one sparsity in per cent; point at a cell for its accuracy.</p>
    ${heatScale(highest)}
    ${lines.map(
      (line) =>
        html`<h3 class="line-name">${line.label}</h3>
          <div class="panels four">
            ${tables
              .filter((table) => table.line === line)
              .map(
                (table) =>
                  html`<section class="panel">
                    <h4>${setLabel(table.set)}</h4>
                    ${drawConditionMap(draw, {
                      ...table,
                      labelWidth: 10 + 6.2 * longest,
                      highest,
                      label: `Accuracy by condition and sparsity, ${setLabel(table.set)}, ${line.label}`,
                    })}
                  </section>`,
              )}
          </div>`,
    )}
  </details>`;
}
