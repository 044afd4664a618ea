import { drawConditionMap, heatScale } from '../charts/condition-map.ts';
import type { Draw } from '../charts/draw.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { setLabel } from '../page/labels.ts';
import type { Line } from '../study/study.ts';
import type { ConditionTable } from './condition-tables.ts';

/** Every sparsity, for those who look for one: rows are conditions, columns sparsities. */
export function conditionMaps(draw: Draw, lines: readonly Line[], tables: readonly ConditionTable[]): Html {
  const values = tables.flatMap((table) => table.accuracy.flat().map((value) => value ?? 0));
  const highest = Math.max(0.1, Math.ceil(10 * Math.max(...values)) / 10);
  const longest = Math.max(...tables.flatMap((table) => table.conditions.map((name) => name.length)));
  return html`<details class="numbers">
    <summary>All sparsities</summary>
    <p>Each row is one condition, each column one sparsity in per cent; point at a cell for its accuracy.</p>
    ${heatScale(highest)}
    ${lines.map(
      (line) =>
        html`<h3 class="line-name">${line.label}</h3>
          <div class="panels four">
            ${tables
              .filter((table) => table.line === line)
              .map(
                (table) =>
                  html`<section class="panel">
                    <h4>${setLabel(table.set)}</h4>
                    ${drawConditionMap(draw, {
                      ...table,
                      labelWidth: 10 + 6.2 * longest,
                      highest,
                      label: `Accuracy by condition and sparsity, ${setLabel(table.set)}, ${line.label}`,
                    })}
                  </section>`,
              )}
          </div>`,
    )}
  </details>`;
}
