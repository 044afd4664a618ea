import type { Series } from '../../readings/series.ts';
import { drawCurves } from '../charts/curves.ts';
import type { Curve } from '../charts/curves.ts';
import type { Draw } from '../charts/draw.ts';
import { legend } from '../charts/legend.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import type { SparsityAxis } from '../charts/sparsity-axis.ts';
import { valueAxis } from '../charts/value-axis.ts';
import type { ValueAxis } from '../charts/value-axis.ts';
import { scoreRows } from '../data/score-rows.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { methodLabel, metricLabel } from '../page/labels.ts';
import { percentFactor } from '../page/numbers.ts';
import {
  accuracySeries,
  awaitedAbout,
  distinct,
  lineOf,
  seriesAbout,
  sparsitiesOf,
} from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import { curveOf, reach } from './curve-of.ts';
import type { Figure } from './figure.ts';
import { numbersTable } from './numbers-table.ts';

/** One quantity, drawn in every panel on the same axis. */
interface Row {
  readonly title: string;
  /** Drawn with less height. */
  readonly low: boolean;
  readonly y: ValueAxis;
  readonly curves: (method: string) => readonly Curve[];
}

/** How much of a heatmap lies on the object, against sparsity: a panel for each method, accuracy above. */
export const localisation: Figure = {
  name: 'localisation',
  render: (study, draw) => {
    const series = seriesAbout(study, 'localisation');
    if (series.length === 0) return undefined;
    const x = sparsityAxis(sparsitiesOf(series, awaitedAbout(study, 'localisation')));
    const methods = distinct(series.map((one) => one.method ?? ''));
    const rows = [
      ...accuracyRow(study),
      ...distinct(series.map((one) => one.metric)).map((metric) => metricRow(study, series, metric)),
    ];
    // Four stand beside each other.
    const narrow = methods.length > 3;
    const lines = study.lines.filter((line) => series.some((one) => lineOf(study, one) === line));
    return {
      id: 'localisation',
      title: 'Localisation',
      data: scoreRows(study, [...accuracySeries(study), ...series]),
      body: html`<p class="lead">
          An attribution method says which pixels a prediction rests on. Relevance mass accuracy (RMA) is the
          share of that relevance inside the object; relevance rank accuracy (RRA) is the share of the most
          relevant pixels that lie in it.
        </p>
        <figure>
          ${legend(study, lines)}
          <div class="panels ${narrow ? 'four methods' : 'wide'}">
            ${methods.map((method) => panel({ draw, x, rows, method, narrow }))}
          </div>
          <figcaption>
            Localisation against sparsity, one panel a
            method${rows.length > 1 && accuracyRow(study).length > 0 ? ', accuracy above' : ''}. Panels share
            their axes. ${axisNote} ${barsNote}
          </figcaption>
        </figure>
        ${numbersTable({ study, series, head: (one) => `${metricLabel(one.metric)}, ${methodLabel(one.method ?? '')}` })}`,
    };
  },
};

/** Explains the horizontal axis, once a figure. */
export const axisNote = 'Sparsity in per cent; equal distances remove equal shares of the remaining weights.';

/** Explains the bars at the points, once a figure. */
export const barsNote =
  'Upright bars: the 95\u202f% interval over images (percentile bootstrap, 1,000 resamples).';

function accuracyRow(study: Study): readonly Row[] {
  const series = accuracySeries(study);
  const title = series[0] === undefined ? '' : metricLabel(series[0].metric);
  const curves = series.map((one) => curveOf(study, one, title));
  return reach(curves).length === 0
    ? []
    : [{ title, y: axisFor(curves, series), low: true, curves: () => curves }];
}

function metricRow(study: Study, all: readonly Series[], metric: string): Row {
  const series = all.filter((one) => one.metric === metric);
  const drawn = series.map((one) => ({
    method: one.method ?? '',
    curve: curveOf(study, one, metricLabel(metric)),
  }));
  return {
    title: metricLabel(metric),
    low: false,
    y: axisFor(
      drawn.map(({ curve }) => curve),
      series,
    ),
    curves: (method) => drawn.filter((one) => one.method === method).map(({ curve }) => curve),
  };
}

function axisFor(curves: readonly Curve[], series: readonly Series[]): ValueAxis {
  const inPercent = series.every((one) => percentFactor(one.unit) !== undefined);
  return valueAxis({ values: reach(curves), suffix: inPercent ? '%' : '' });
}

interface PanelRequest {
  readonly draw: Draw;
  readonly x: SparsityAxis;
  readonly rows: readonly Row[];
  readonly method: string;
  readonly narrow: boolean;
}

function panel({ draw, x, rows, method, narrow }: PanelRequest): Html {
  const name = methodLabel(method);
  return html`<section class="panel">
    <h3>${name}</h3>
    ${rows.map((row, i) => {
      const last = i === rows.length - 1;
      const label = `${row.title} against sparsity, ${name}`;
      const chart = drawCurves(draw, {
        label,
        curves: row.curves(method),
        x,
        y: row.y,
        width: narrow ? 264 : 360,
        height: last ? 174 : row.low ? 104 : 160,
        sparsityLabels: last,
      });
      return html`<h4>${row.title}</h4>
        ${chart}`;
    })}
  </section>`;
}
