import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import type { Comparison } from './comparison.ts';
import { countsText } from './glance.ts';
import type { Cause, ChangedValue, StudyChanges } from './study-changes.ts';
import { textDiff } from './text-diff.ts';

/** All that is not the same in the two studies. */
export function studySection({ changes, before, after }: Comparison): Section {
  const { texts, params, causes, results } = changes;
  const parts = [
    valuesTable('Parameters', params),
    causesTable(causes),
    tasksPart(changes),
    machinery(before.madeOn, after.madeOn),
    ...texts.map(textDiff),
  ].filter((part) => part !== undefined);
  return {
    id: 'study',
    title: 'What changed in the study',
    body: html`<p class="lead">
        ${results.same} of ${plural(results.same + results.other, 'result')} that both runs have are the same
        bytes${results.open === 0 ? '' : `; of ${plural(results.open, 'more task')} one of the runs has no result`}.
        ${texts.length === 0 ? "The study's text is the same." : ''}
      </p>
      ${parts}`,
  };
}

function valuesTable(title: string, values: readonly ChangedValue[]): Html | undefined {
  if (values.length === 0) return undefined;
  return html`<h3>${title}</h3>
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">First</th>
          <th scope="col">Second</th>
        </tr>
      </thead>
      <tbody>
        ${values.map(
          (value) =>
            html`<tr>
              <th scope="row"><code>${value.name}</code></th>
              ${valueCells(value)}
            </tr>`,
        )}
      </tbody>
    </table>`;
}

const kinds: { readonly [what in Cause['what']]: string } = {
  option: 'option',
  data: 'data set',
  version: 'version',
  other: '',
};

function causesTable(causes: readonly Cause[]): Html | undefined {
  if (causes.length === 0) return undefined;
  return html`<h3>In the tasks themselves</h3>
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col">What</th>
          <th scope="col">First</th>
          <th scope="col">Second</th>
          <th scope="col">Tasks</th>
        </tr>
      </thead>
      <tbody>
        ${causes.map(
          (cause) =>
            html`<tr>
              <th scope="row"><code>${cause.task}</code></th>
              <td><code>${cause.name}</code> <small>${kinds[cause.what]}</small></td>
              ${valueCells(cause)}
              <td>${cause.count}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function valueCells({ before, after }: ChangedValue): Html {
  return html`<td class="was">
      ${before === undefined ? html`<small>none</small>` : html`<code>${before}</code>`}
    </td>
    <td class="is">${after === undefined ? html`<small>none</small>` : html`<code>${after}</code>`}</td>`;
}

function tasksPart({ removed, added }: StudyChanges): Html | undefined {
  if (removed.length + added.length === 0) return undefined;
  return html`<h3>Tasks</h3>
    ${removed.length === 0 ? undefined : html`<p>Only the first run has: ${countsText(removed)}.</p>`}
    ${added.length === 0 ? undefined : html`<p>Only the second run has: ${countsText(added)}.</p>`}`;
}

function machinery(before: readonly string[], after: readonly string[]): Html | undefined {
  if (before.length + after.length === 0) return undefined;
  const [one, other] = [before.join('; '), after.join('; ')];
  const said = one === other ? html`<p>Both on ${one}.</p>` : html`<p>First: ${one}. Second: ${other}.</p>`;
  return html`<h3>What it was made on</h3>
    ${said}`;
}
