import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { gainText, scoreNumber, sparsityText } from '../page/numbers.ts';
import { seriesName, verdictText } from './comparison.ts';
import type { JudgedDifference, JudgedScore } from './differences.ts';
import { pText } from './largest-changes.ts';
import type { PairedLine } from './pair-scores.ts';

const judged: readonly string[] = ['Difference', 'Low', 'High', 'p', 'Images', 'Seeds', 'Verdict'];
const explained =
  'in per cent where the score is one; the difference is the second run less the first, over the images and seeds that both have, with its 95 % interval';

/** The figures behind the charts of single sparsities: one folded table a model. */
export function differencesTable(scores: readonly JudgedScore[], lines: readonly PairedLine[]): Html {
  return folded(lines, {
    what: `means over seeds, ${explained}`,
    heads: ['Score', 'Sparsity', 'First', 'Second', ...judged],
    rows: (line) => scores.filter((score) => score.line === line).flatMap(pointRows),
  });
}

/** The figures behind the chart of all sparsities together. */
export function overallTable(scores: readonly JudgedScore[], lines: readonly PairedLine[]): Html {
  return folded(lines, {
    what: `over all sparsities that both runs have, ${explained}`,
    heads: ['Score', 'Sparsities', ...judged],
    rows: (line) =>
      scores
        .filter((score) => score.line === line)
        .map(
          ({ after, points, overall }) =>
            html`<tr>
              <th scope="row">${seriesName(after)}</th>
              <td>${points.length}</td>
              ${judgedCells(overall, after.unit)}
            </tr>`,
        ),
  });
}

function folded(
  lines: readonly PairedLine[],
  table: {
    readonly what: string;
    readonly heads: readonly string[];
    readonly rows: (line: PairedLine) => readonly Html[];
  },
): Html {
  return html`<details class="numbers">
    <summary>Numbers</summary>
    ${lines.map(
      (line) =>
        html`<div class="scroll" tabindex="0" role="group" aria-label="Numbers of ${line.label}">
          <table class="figures">
            <caption>
              ${line.label}: ${table.what}
            </caption>
            <thead>
              <tr>
                ${table.heads.map((head) => html`<th scope="col">${head}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${table.rows(line)}
            </tbody>
          </table>
        </div>`,
    )}
  </details>`;
}

function pointRows(score: JudgedScore): readonly Html[] {
  const { unit } = score.after;
  return score.points.map(
    ({ before, after }, i) =>
      html`<tr>
        <th scope="row">${seriesName(score.after)}</th>
        <td>${sparsityText(after.sparsity)}</td>
        <td>${scoreNumber(before.summary?.mean, unit)}</td>
        <td>${scoreNumber(after.summary?.mean, unit)}</td>
        ${judgedCells(score.differences[i], unit)}
      </tr>`,
  );
}

function judgedCells(found: JudgedDifference | undefined, unit: string): Html {
  return html`<td>${gainText(found?.mean, unit)}</td>
    <td>${scoreNumber(found?.low, unit)}</td>
    <td>${scoreNumber(found?.high, unit)}</td>
    <td>${found === undefined ? '\u2013' : pText(found.p)}</td>
    <td>${found?.images ?? 0}</td>
    <td>${found?.seeds.length ?? 0}</td>
    <td>${found === undefined ? 'no values' : verdictText[found.verdict]}</td>`;
}
