import type { DecidedControl, Decision } from '../../sweet-spots/decision.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { gainText, plural, sparsityText } from '../page/numbers.ts';
import { decidedPoints, lineOf } from '../study/lookup.ts';
import { scoreName } from '../study/score-name.ts';
import type { Study } from '../study/study.ts';

/** What each control says of each sweet spot; undefined where none was asked. */
export function controlsTable(study: Study): Html | undefined {
  const rows = study.decisions.flatMap((decision) =>
    decidedPoints(decision).flatMap((point) =>
      point.controls.map((check) => ({ decision, sparsity: point.sparsity, check })),
    ),
  );
  if (rows.length === 0) return undefined;
  const failed = rows.filter(({ check }) => check.verdict === 'failed').length;
  return html`<details class="numbers">
    <summary>Controls: ${plural(rows.length, 'check')}, ${failed} failed</summary>
    <figure class="scroll">
      <table class="figures controls">
        <thead>
          <tr>
            <th scope="col">Sweet spot</th>
            <th scope="col">Sparsity</th>
            <th scope="col">Control</th>
            <th scope="col">Score over control's</th>
            <th scope="col">Gain over control's</th>
            <th scope="col">Images</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ decision, sparsity, check }) =>
              html`<tr>
                <th scope="row">${lineOf(study, decision).label}, ${scoreName(decision)}</th>
                <td>${sparsityText(sparsity)}</td>
                <td class="text">${check.control}</td>
                <td>${intervalText(check.level, decision)}</td>
                <td>${intervalText(check.gain, decision)}</td>
                <td>${check.images}</td>
                <td class="text">${verdictText[check.verdict]}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <figcaption>
        What the controls say of each sweet spot: differences in percentage points with their intervals over
        images. A sweet spot passes where both lie above zero; one that fails is marked † wherever it stands.
      </figcaption>
    </figure>
  </details>`;
}

const verdictText = { passed: 'passed', failed: '† failed', 'no-values': 'nothing to compare' } as const;

function intervalText(interval: DecidedControl['level'], { unit }: Decision): string {
  if (interval === null) return '\u2013';
  const [mean, low, high] = interval.map((value) => gainText(value, unit));
  return `${mean} [${low}, ${high}]`;
}
