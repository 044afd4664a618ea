import { drawCurves } from '../charts/curves.ts';
import { legend } from '../charts/legend.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import { valueAxis } from '../charts/value-axis.ts';
import { scoreRows } from '../data/score-rows.ts';
import { html } from '../page/html.ts';
import { metricLabel } from '../page/labels.ts';
import { percentFactor } from '../page/numbers.ts';
import { awaitedAbout, distinct, lineOf, seriesAbout, sparsitiesOf } from '../study/lookup.ts';
import { curveOf, reach } from './curve-of.ts';
import type { Figure } from './figure.ts';
import { axisNote, barsNote } from './localisation.ts';
import { numbersTable } from './numbers-table.ts';

/** Unsupervised object discovery against sparsity: CorLoc and mean IoU. */
export const discovery: Figure = {
  name: 'discovery',
  render: (study, draw) => {
    const series = seriesAbout(study, 'discovery');
    if (series.length === 0) return undefined;
    const x = sparsityAxis(sparsitiesOf(series, awaitedAbout(study, 'discovery')));
    const lines = study.lines.filter((line) => series.some((one) => lineOf(study, one) === line));
    const panels = distinct(series.map((one) => one.metric)).map((metric) => {
      const shown = series.filter((one) => one.metric === metric);
      const name = metricLabel(metric);
      const curves = shown.map((one) => curveOf(study, one, name));
      const inPercent = shown.every((one) => percentFactor(one.unit) !== undefined);
      const y = valueAxis({ values: reach(curves), suffix: inPercent ? '%' : '', ticks: 5 });
      const chart = drawCurves(draw, {
        label: `${name} against sparsity`,
        curves,
        x,
        y,
        width: 540,
        height: 250,
      });
      return html`<section class="panel">
        <h3>${name}</h3>
        ${chart}
      </section>`;
    });
    return {
      id: 'discovery',
      title: 'Object discovery',
      data: scoreRows(study, series),
      body: html`<p class="lead">
          LOST draws a box around one object from the similarity of a model's own features, without labels.
          CorLoc is the share of images whose box overlaps a true one by half or more (IoU); the mean IoU is
          the overlap itself.
        </p>
        <figure>
          ${legend(study, lines)}
          <div class="panels two">${panels}</div>
          <figcaption>Object discovery against sparsity. ${axisNote} ${barsNote}</figcaption>
        </figure>
        ${numbersTable({ study, series, head: (one) => metricLabel(one.metric) })}`,
    };
  },
};
