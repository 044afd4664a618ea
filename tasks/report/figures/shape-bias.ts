import type { Series } from '../../readings/series.ts';
import { drawCurves } from '../charts/curves.ts';
import type { Curve } from '../charts/curves.ts';
import { legend } from '../charts/legend.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import { valueAxis } from '../charts/value-axis.ts';
import { scoreRows } from '../data/score-rows.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { humanLevel } from '../study/human-levels.ts';
import { lineOf, mainMetric, seriesAbout, sparsitiesOf } from '../study/lookup.ts';
import { curveOf, reach } from './curve-of.ts';
import type { Figure } from './figure.ts';
import { axisNote, barsNote } from './localisation.ts';
import { numbersTable } from './numbers-table.ts';

interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** What people reach, where it is known. */
  readonly reference: { readonly reference?: number };
}

/** Whether shape or texture decides where they speak against each other, against sparsity, and how often either is right. */
export const shapeBias: Figure = {
  name: 'shape-bias',
  render: (study, draw) => {
    const all = seriesAbout(study, 'sets');
    const biases = all.filter((one) => one.metric === 'shape_bias');
    if (biases.length === 0) return undefined;
    const cueSets = biases.map((one) => one.set);
    const accuracies = mainMetric(
      all.filter((one) => cueSets.includes(one.set) && one.metric !== 'shape_bias'),
    );
    const people = humanLevel(study, biases[0]!.set!);
    const lines = study.lines.filter((line) => biases.some((one) => lineOf(study, one) === line));
    const x = sparsityAxis(sparsitiesOf(biases));
    const drawn = (title: string, series: readonly Series[], level: number | undefined): Panel => ({
      title,
      curves: series.map((one) => curveOf(study, one, title)),
      reference: level === undefined ? {} : { reference: level * 100 },
    });
    const panels = [
      drawn('Shape bias', biases, people?.shapeBias),
      ...(accuracies.length === 0
        ? []
        : [drawn('Named by shape, of all images', accuracies, people?.accuracy)]),
    ];
    const y = valueAxis({
      values: panels.flatMap(({ curves, reference }) => [...reach(curves), ...Object.values(reference)]),
      fromZero: true,
      suffix: '%',
      ticks: 5,
    });
    const panel = ({ title, curves, reference }: Panel): Html => {
      const label = `${title} against sparsity`;
      return html`<section class="panel">
        <h3>${title}</h3>
        ${drawCurves(draw, { label, curves, x, y, width: 540, height: 230, ...reference })}
      </section>`;
    };
    return {
      id: 'shape-bias',
      title: 'Shape bias',
      data: scoreRows(study, [...biases, ...accuracies]),
      body: html`<p class="lead">
          A cue-conflict image has the shape of one thing and the texture of another. The shape bias is the
          share decided by shape, of those decided by shape or texture: 100 % is by shape alone, and people
          come close to it. Beside it the share of all images whose shape was named.
        </p>
        <figure>
          ${legend(study, lines, people === undefined ? undefined : 'people')}
          <div class="panels two">${panels.map(panel)}</div>
          <figcaption>
            Decisions on cue-conflict images against sparsity, both panels on the same axes. ${axisNote}
            ${barsNote}
          </figcaption>
        </figure>
        ${numbersTable({ study, series: [...biases, ...accuracies], head: (one) => (one.metric === 'shape_bias' ? 'Shape bias' : 'Named by shape') })}`,
    };
  },
};
