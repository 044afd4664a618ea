import type { Series } from '../../readings/series.ts';
import { mean } from '../../../vision/statistics/mean-and-spread.ts';
import { drawCurves } from '../charts/curves.ts';
import { legend } from '../charts/legend.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import { valueAxis } from '../charts/value-axis.ts';
import { scoreRows } from '../data/score-rows.ts';
import { html } from '../page/html.ts';
import { setLabel } from '../page/labels.ts';
import { distinct, lineOf, seriesAbout, sparsitiesOf } from '../study/lookup.ts';
import { curveOf, reach } from './curve-of.ts';
import type { Figure } from './figure.ts';
import { axisNote } from './localisation.ts';
import { numbersTable } from './numbers-table.ts';

/** Error consistency with people on each set against sparsity, and what people reach among themselves. */
export const people: Figure = {
  name: 'people',
  render: (study, draw) => {
    const series = seriesAbout(study, 'people').filter((one) => one.metric === 'error_consistency');
    if (series.length === 0) return undefined;
    const lines = study.lines.filter((line) => series.some((one) => lineOf(study, one) === line));
    const panels = distinct(series.map((one) => one.set ?? '')).map((set) => {
      const own = series.filter((one) => (one.set ?? '') === set);
      return {
        title: setLabel(set),
        curves: own.map((one) => curveOf(study, one, setLabel(set))),
        among: amongPeople(own),
      };
    });
    const x = sparsityAxis(sparsitiesOf(series));
    const y = valueAxis({
      values: panels.flatMap(({ curves, among }) => [...reach(curves), among ?? 0]),
      fromZero: true,
    });
    return {
      id: 'people',
      title: 'Likeness to people',
      data: scoreRows(study, series),
      body: html`<p class="lead">
          Does a model stumble over the images that people stumble over? Error consistency (Cohen&rsquo;s
          kappa) is 0 where it agrees with a person as often as chance and the two accuracies alone would have
          it, and 1 where it is right and wrong on the very same images.
        </p>
        <figure>
          ${legend(study, lines, 'people among themselves')}
          <div class="panels four">
            ${panels.map(
              ({ title, curves, among }) =>
                html`<section class="panel">
                  <h3>${title}</h3>
                  ${drawCurves(draw, {
                    label: `Error consistency with people against sparsity, ${title}`,
                    curves,
                    x,
                    y,
                    width: 270,
                    height: 158,
                    ...(among === undefined ? {} : { reference: among }),
                  })}
                </section>`,
            )}
          </div>
          <figcaption>
            Error consistency with people on the same images against sparsity. All panels share both axes.
            ${axisNote}
          </figcaption>
        </figure>
        ${numbersTable({ study, series, head: (one) => setLabel(one.set ?? '') })}`,
    };
  },
};

/** The models of a set may have been asked for other images, where their classes differ: then the mean. */
function amongPeople(series: readonly Series[]): number | undefined {
  const values = series.flatMap((one) =>
    one.points.flatMap((point) => point.runs.flatMap((run) => run.people ?? [])),
  );
  return mean(distinct(values));
}
