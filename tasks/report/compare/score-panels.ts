import type { Series, SeriesPoint } from '../../readings/series.ts';
import type { Draw } from '../charts/draw.ts';
import { drawDifferences, drawPairedCurves } from '../charts/paired-curves.ts';
import type { DifferencePoint, RunPoint } from '../charts/paired-curves.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import { valueAxis } from '../charts/value-axis.ts';
import type { Section } from '../figures/figure.ts';
import { aspects } from '../figures/sweet-spots.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { modelLabel } from '../page/labels.ts';
import { percentFactor, scoreText, sparsityText } from '../page/numbers.ts';
import { aspectOf } from '../study/lookup.ts';
import { differenceText, seriesName, verdictText } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import type { JudgedScore } from './differences.ts';
import { differencesTable } from './differences-table.ts';
import { pairedLegend } from './paired-legend.ts';

/** Each score of both runs against sparsity, with the difference below it; a section for each question. */
export function scorePanels(comparison: Comparison, draw: Draw): readonly Section[] {
  return [...aspects, { aspect: undefined, title: 'Other scores' }].flatMap(({ aspect, title }) => {
    const about = (series: Series): boolean => aspectOf(series) === aspect;
    const scores = comparison.scores.filter((score) => about(score.after));
    const onlyBefore = comparison.onlyBefore.filter(about);
    const onlyAfter = comparison.onlyAfter.filter(about);
    const drawn = scores.filter(({ isSame }) => !isSame);
    if (drawn.length + onlyBefore.length + onlyAfter.length === 0) return [];
    const same = scores.filter(({ isSame }) => isSame);
    return [
      {
        id: `compare-${aspect ?? 'other'}`,
        title,
        body: html`${drawn.length === 0 ? undefined : figure({ drawn, title, draw, comparison })}
        ${told(
          'The same values in both runs',
          same.map(({ after, line }) => `${seriesName(after)} (${line.label})`),
        )}
        ${told(
          'Only in the first run',
          onlyBefore.map((one) => nameOf(one, modelLabel(one.model))),
        )}
        ${told(
          'Only in the second run',
          onlyAfter.map((one) => nameOf(one, modelLabel(one.model))),
        )}`,
      },
    ];
  });
}

function nameOf(series: Series, label: string): string {
  return `${seriesName(series)} (${[label, ...(series.variant === '' ? [] : [series.variant])].join(', ')})`;
}

function told(what: string, names: readonly string[]): Html | undefined {
  return names.length === 0 ? undefined : html`<p class="quiet">${what}: ${names.join('; ')}.</p>`;
}

interface FigureRequest {
  readonly drawn: readonly JudgedScore[];
  readonly title: string;
  readonly draw: Draw;
  readonly comparison: Comparison;
}

function figure({ drawn, title, draw, comparison }: FigureRequest): Html {
  const panels = drawn.map((score) => ({ score, ...pointsOf(score) }));
  const x = sparsityAxis(
    drawn.flatMap(({ before, after }) => [...before.points, ...after.points].map((one) => one.sparsity)),
  );
  const lines = comparison.lines.filter((line) => drawn.some((score) => score.line === line));
  return html`<figure>
      ${pairedLegend(lines)}
      ${lines.map(
        (line) =>
          html`${lines.length > 1 ? html`<h3 class="line-name">${line.label}</h3>` : undefined}
            <div class="panels four">
              ${panels
                .filter(({ score }) => score.line === line)
                .map((panel) => {
                  const { score, before, after, differences } = panel;
                  const name = seriesName(score.after);
                  const suffix = isPercent(score) ? '%' : '';
                  const own = [...before, ...after].map(({ mean }) => mean);
                  const reach = differences.flatMap(({ low, high }) => [low, high]);
                  return html`<section class="panel">
                    <h3>${name}</h3>
                    <p class="panel-note">${overallNote(score)}</p>
                    ${drawPairedCurves(draw, { label: `${name} of ${line.label} in both runs against sparsity`, index: line.index, before, after, x, y: valueAxis({ values: own, ticks: 3, suffix }) })}
                    ${drawDifferences(draw, { label: `${name} of ${line.label}: second run less the first`, index: line.index, points: differences, x, y: valueAxis({ values: [0, ...reach], ticks: 3 }) })}
                  </section>`;
                })}
            </div>`,
      )}
      <figcaption>
        ${title} in both runs against sparsity; below, the second run less the first in percentage
        points${drawn.every(isPercent) ? '' : " (or the score's own unit)"}, with 95 % intervals over the
        images that both scored. A full mark is beyond chance, a hollow one is not. Each panel has its own
        axes.
      </figcaption>
    </figure>
    ${differencesTable(drawn, lines)}`;
}

function overallNote({ overall, after, unpaired }: JudgedScore): Html {
  if (overall === undefined) return html`no image has a value in both`;
  const text = differenceText(overall, after.unit);
  const rest = unpaired === 0 ? '' : `; ${unpaired} without a partner`;
  return overall.isBeyondChance
    ? html`<b>${text}</b>${rest}`
    : html`${text}, ${verdictText[overall.verdict]}${rest}`;
}

function pointsOf(score: JudgedScore): {
  readonly before: readonly RunPoint[];
  readonly after: readonly RunPoint[];
  readonly differences: readonly DifferencePoint[];
} {
  const { unit } = score.after;
  const factor = percentFactor(unit) ?? 1;
  const name = seriesName(score.after);
  const side = (series: Series, which: 'before' | 'after'): readonly RunPoint[] =>
    series.points.flatMap((point) => {
      if (point.summary === undefined) return [];
      const { mean } = point.summary;
      const sweet = isSweet(score, point, which);
      const run = which === 'before' ? 'First run' : 'Second run';
      const title = `${run} at ${sparsityText(point.sparsity)} sparsity\n${name}: ${scoreText(mean, unit)}${sweet ? '\nSweet spot' : ''}`;
      return [{ sparsity: point.sparsity, mean: mean * factor, sweet, title }];
    });
  const differences = score.points.flatMap(({ after }, i): DifferencePoint[] => {
    const found = score.differences[i];
    if (found === undefined) return [];
    const title = `${sparsityText(after.sparsity)} sparsity: ${differenceText(found, unit)}\n${verdictText[found.verdict]}, ${found.images} images`;
    const { isBeyondChance } = found;
    const [mean, low, high] = [found.mean * factor, found.low * factor, found.high * factor];
    return [{ sparsity: after.sparsity, mean, low, high, isBeyondChance, title }];
  });
  return { before: side(score.before, 'before'), after: side(score.after, 'after'), differences };
}

function isSweet({ points }: JudgedScore, point: SeriesPoint, which: 'before' | 'after'): boolean {
  const paired = points.find((one) => one[which] === point);
  return paired !== undefined && (which === 'before' ? paired.sweetBefore : paired.sweetAfter);
}

function isPercent({ after }: JudgedScore): boolean {
  return percentFactor(after.unit) !== undefined;
}
