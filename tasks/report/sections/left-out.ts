import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import { metricLabel, methodLabel, setLabel } from '../page/labels.ts';
import { plural } from '../page/numbers.ts';
import { distinct, lineOf } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import type { Series } from '../../readings/series.ts';

/** What a value is worth is the reader's to judge: which images have none, or one that says nothing, and why. */
export function leftOut(study: Study): Section | undefined {
  const rows = study.series.map((series) => ({ series, cases: casesOf(series) }));
  const named = rows.filter(({ cases }) => cases.length > 0);
  if (named.length === 0) return undefined;
  return {
    id: 'left-out',
    title: 'What was left out',
    short: 'Left out',
    body: html`<p class="lead">
        Images that a score has no value for, or one that says nothing, by the name of the case. Counts are
        over all models and seeds of a line.
      </p>
      <div class="scroll">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="text">Score</th>
              <th scope="col">Measured</th>
              <th scope="col" class="text">Cases</th>
            </tr>
          </thead>
          <tbody>
            ${named.map(
              ({ series, cases }) =>
                html`<tr>
                  <th scope="row">${lineOf(study, series).label}</th>
                  <td class="text">${nameOf(series)}</td>
                  <td>${countOf(series, 'measured')}</td>
                  <td class="text">
                    ${cases.map((name) => `${name}: ${plural(countOf(series, name), 'image')}`).join('; ')}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
  };
}

function casesOf(series: Series): readonly string[] {
  const all = series.points.flatMap(({ runs }) => runs.flatMap(({ cases }) => Object.keys(cases)));
  return distinct(all).filter((name) => name !== 'measured');
}

function countOf(series: Series, name: string): number {
  const runs = series.points.flatMap((point) => point.runs);
  return runs.reduce((sum, { cases }) => sum + (cases[name] ?? 0), 0);
}

function nameOf({ metric, method, set }: Series): string {
  return [
    metricLabel(metric),
    ...(method === undefined ? [] : [methodLabel(method)]),
    ...(set === undefined ? [] : [setLabel(set)]),
  ].join(', ');
}
