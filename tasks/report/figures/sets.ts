import { mean } from '../../../vision/statistics/mean-and-spread.ts';
import { drawCurves } from '../charts/curves.ts';
import { legend } from '../charts/legend.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import { valueAxis } from '../charts/value-axis.ts';
import { scoreRows } from '../data/score-rows.ts';
import { html } from '../page/html.ts';
import { setLabel } from '../page/labels.ts';
import { awaitedAbout, distinct, lineOf, mainMetric, seriesAbout, sparsitiesOf } from '../study/lookup.ts';
import { humanLevel } from '../study/human-levels.ts';
import { curveOf, reach } from './curve-of.ts';
import type { Figure } from './figure.ts';
import { axisNote, barsNote } from './localisation.ts';
import { meanCurves } from './mean-curve.ts';
import { numbersTable } from './numbers-table.ts';

/** Accuracy on each out-of-distribution set against sparsity, as small multiples on shared axes. */
export const sets: Figure = {
  name: 'sets',
  render: (study, draw) => {
    const series = mainMetric(seriesAbout(study, 'sets'));
    if (series.length === 0) return undefined;
    const names = distinct(series.map((one) => one.set!));
    const lines = study.lines.filter((line) => series.some((one) => lineOf(study, one) === line));
    const people = new Map(names.map((set) => [set, percent(humanLevel(study, set)?.accuracy)]));
    const reached = [...people.values()].filter((level) => level !== undefined);
    const all = `Mean of ${names.length} sets`;
    const curveOfMean = meanCurves(study, series, all);
    const overSets = {
      title: all,
      curves: lines.map(curveOfMean),
      level: undefined,
    };
    const panels = [
      ...(names.length > 1
        ? [reached.length < names.length ? overSets : { ...overSets, level: mean(reached)! }]
        : []),
      ...names.map((set) => ({
        title: setLabel(set),
        curves: series.filter((one) => one.set === set).map((one) => curveOf(study, one, setLabel(set))),
        level: people.get(set),
      })),
    ].filter(({ curves }) => curves.some((curve) => curve.points.length > 0));
    const x = sparsityAxis(sparsitiesOf(series, awaitedAbout(study, 'sets')));
    const y = valueAxis({
      values: panels.flatMap(({ curves, level }) => [
        ...reach(curves),
        ...(level === undefined ? [] : [level]),
      ]),
      fromZero: true,
      suffix: '%',
    });
    return {
      id: 'sets',
      title: 'Out-of-distribution sets',
      data: scoreRows(study, series),
      body: html`<p class="lead">
          Each set changes the images in one way that people were tested on as well: colours, contrast,
          frequencies, noise, rotation, or drawings and silhouettes in place of photographs. Shown is the
          accuracy on
          each.${reached.length === 0 ? '' : ' The level marked people is what people reach on the images that they and the model were both given.'}
        </p>
        <figure>
          ${legend(study, lines, reached.length === 0 ? undefined : 'people')}
          <div class="panels four">
            ${panels.map(
              ({ title, curves, level }) =>
                html`<section class="panel">
                  <h3>${title}</h3>
                  ${drawCurves(draw, { label: `Accuracy against sparsity, ${title}`, curves, x, y, width: 270, height: 158, ...(level === undefined ? {} : { reference: level }) })}
                </section>`,
            )}
          </div>
          <figcaption>
            Accuracy on out-of-distribution sets against sparsity. All panels share both axes. ${axisNote}
            ${barsNote}
          </figcaption>
        </figure>
        ${numbersTable({ study, series, head: (one) => setLabel(one.set!) })}`,
    };
  },
};

function percent(level: number | undefined): number | undefined {
  return level === undefined ? undefined : level * 100;
}
