import { failsControl } from '../../sweet-spots/decision.ts';
import type { Decision } from '../../sweet-spots/decision.ts';
import type { Draw } from '../charts/draw.ts';
import { swatch } from '../charts/legend.ts';
import { lineColour } from '../charts/palette.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import type { SparsityAxis } from '../charts/sparsity-axis.ts';
import { drawStripAxis, drawSweetStrip } from '../charts/sweet-strip.ts';
import type { Section } from '../figures/figure.ts';
import { aspects } from '../figures/sweet-spots.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { gainText, plural, sparsityText } from '../page/numbers.ts';
import { aspectOf, decidedPoints, lineOf, sameSparsity, sparsitiesOf, sweetPoints } from '../study/lookup.ts';
import { scoreName } from '../study/score-name.ts';
import type { Line, Study } from '../study/study.ts';
import { answers } from './answers.ts';

/** The answer first: at which sparsities each model has sweet spots, by what is asked of it. */
export function glance(study: Study, draw: Draw): Section | undefined {
  const decided = study.decisions;
  if (decided.length === 0) return undefined;
  const x = sparsityAxis(sparsitiesOf(study.series));
  const groups = aspects.flatMap(({ aspect, title }) => {
    const about = decided.filter((one) => aspectOf(one) === aspect);
    const rows = study.lines.flatMap((line) => {
      const own = about.filter((one) => lineOf(study, one) === line);
      return own.length === 0 ? [] : [{ line, own }];
    });
    return rows.length === 0 ? [] : [{ title, rows }];
  });
  return {
    id: 'glance',
    title: 'At a glance',
    body: html`${answers(study)}
      <figure class="scroll">
        <table class="glance">
          <thead>
            <tr>
              <th scope="col">Asked</th>
              <th scope="col">Model</th>
              <th scope="col" class="strip-head">Sweet spots by sparsity (%)${drawStripAxis(draw, x)}</th>
              <th scope="col">Scores with one</th>
              <th scope="col">Largest gain</th>
            </tr>
          </thead>
          ${groups.map(
            (group) =>
              html`<tbody>
                ${group.rows.map(
                  ({ line, own }, i) =>
                    html`<tr>
                      ${i === 0 ? html`<th scope="rowgroup" rowspan="${group.rows.length}">${group.title}</th>` : undefined}
                      ${row({ draw, x, line, own, title: group.title })}
                    </tr>`,
                )}
              </tbody>`,
          )}
        </table>
        <figcaption>
          Each dot is a sparsity at which scores beat the dense model beyond chance: the larger the dot, the
          larger the share of the scores that do.
        </figcaption>
      </figure>`,
  };
}

interface RowRequest {
  readonly draw: Draw;
  readonly x: SparsityAxis;
  readonly line: Line;
  readonly own: readonly Decision[];
  readonly title: string;
}

function row({ draw, x, line, own, title }: RowRequest): Html {
  const all = own.flatMap((one) => decidedPoints(one).map((point) => point.sparsity)).sort((a, b) => a - b);
  const sparsities = all.filter((sparsity, i) => i === 0 || !sameSparsity(sparsity, all[i - 1]!));
  const spots = sparsities.flatMap((sparsity) => {
    const there = own.filter((one) =>
      sweetPoints(one).some((point) => sameSparsity(point.sparsity, sparsity)),
    );
    const names = there.map(scoreName).join('; ');
    const heading = `${sparsityText(sparsity)}: ${there.length} of ${plural(own.length, 'score')}`;
    return there.length === 0 ? [] : [{ sparsity, scores: there.length, title: `${heading}\n${names}` }];
  });
  const label = `${title}, ${line.label}: sweet spots at ${spots.map((spot) => sparsityText(spot.sparsity)).join(', ') || 'no sparsity'}`;
  const strip = drawSweetStrip(draw, {
    label,
    colour: lineColour(line.index),
    x,
    sparsities,
    spots,
    of: own.length,
  });
  const having = own.filter((one) => sweetPoints(one).length > 0);
  const doubted = having.filter((one) => sweetPoints(one).every(failsControl));
  return html`<td class="model">${swatch(line)} ${line.label}</td>
    <td class="strip-cell">${strip}</td>
    <td class="number">
      ${having.length} of
      ${own.length}${doubted.length === 0 ? '' : html` <span class="quiet">(${doubted.length} fail a control)</span>`}
    </td>
    <td>${best(having)}</td>`;
}

function best(having: readonly Decision[]): Html {
  const all = having.map((decision) => ({ decision, point: sweetPoints(decision)[0]! }));
  const top = all.sort((a, b) => (b.point.gain ?? 0) - (a.point.gain ?? 0))[0];
  if (top === undefined) return html`<span class="quiet">none beyond chance</span>`;
  const { decision, point } = top;
  return html`<b>${gainText(point.gain, decision.unit)}</b> at
    <b>${sparsityText(point.sparsity)}</b>${failsControl(point) ? '\u2020' : ''}
    <span class="quiet">${scoreName(decision)}</span>`;
}
