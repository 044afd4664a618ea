import { drawDifferenceForest } from '../charts/difference-forest.ts';
import type { DifferenceRow } from '../charts/difference-forest.ts';
import type { Draw } from '../charts/draw.ts';
import { valueAxis } from '../charts/value-axis.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { percentFactor } from '../page/numbers.ts';
import { differenceText, seriesName, verdictText } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { overallTable } from './differences-table.ts';
import type { JudgedScore } from './differences.ts';

/** Names that would not fit are cut; whoever points at the mark sees them whole. */
const longestName = 25;

/** Every score that changed at all, over all sparsities: how far, and how surely. A panel a model. */
export function overallFigure({ lines, scores }: Comparison, draw: Draw): Html | undefined {
  const told = scores.filter(
    ({ isSame, overall, after }) =>
      !isSame && overall?.isNone === false && percentFactor(after.unit) !== undefined,
  );
  if (told.length === 0) return undefined;
  const rows = lines.flatMap((line) => {
    const own = told.filter((score) => score.line === line).map(rowOf);
    return own.length === 0 ? [] : [{ line, own }];
  });
  const reach = rows.flatMap(({ own }) => own.flatMap(({ low, high }) => [low, high]));
  const x = valueAxis({ values: [0, ...reach], ticks: 4 });
  const isLone = rows.length === 1;
  return html`<figure>
      <div class="panels forest${isLone ? ' lone' : ''}">
        ${rows.map(
          ({ line, own }) =>
            html`<section class="panel">
              <h3>${line.label}</h3>
              ${drawDifferenceForest(draw, { label: `How far each score of ${line.label} moved, over all sparsities`, index: line.index, rows: own, x, width: 420 })}
            </section>`,
        )}
      </div>
      <figcaption>
        The second run less the first, over all sparsities that both have, in percentage points with the 95 %
        interval over images. Full marks are beyond chance, hollow ones within it.
      </figcaption>
    </figure>
    ${overallTable(
      told,
      rows.map(({ line }) => line),
    )}`;
}

function rowOf(score: JudgedScore): DifferenceRow {
  const { after, overall } = score as JudgedScore & { readonly overall: object };
  const factor = percentFactor(after.unit)!;
  const name = seriesName(after);
  return {
    key: JSON.stringify([after.measure, after.metric, after.method, after.set]),
    name: name.length > longestName ? `${name.slice(0, longestName - 1)}\u2026` : name,
    ...{ mean: overall.mean * factor, low: overall.low * factor, high: overall.high * factor },
    isBeyondChance: overall.isBeyondChance,
    title: `${name}: ${differenceText(overall, after.unit)}\n${verdictText[overall.verdict]}, ${overall.images} images`,
  };
}
