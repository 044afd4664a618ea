import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { Study } from '../study/study.ts';
import type { Cell, TableFile } from '../../sweet-spots/table-file.ts';

/** Tables of other tasks, as they are. */
export function tables(study: Study): Section | undefined {
  if (study.tables.length === 0) return undefined;
  return { id: 'tables', title: 'Tables', body: html`${study.tables.map(tableHtml)}` };
}

function tableHtml(table: TableFile): Html {
  return html`<h3>${table.title}</h3>
    <div class="scroll">
      <table class="figures">
        <thead>
          <tr>
            ${table.columns.map(({ name, unit }) => html`<th scope="col">${unit === undefined ? name : `${name}, ${unit}`}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            (row) =>
              html`<tr>
                ${row.map(cellHtml)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${table.notes.map((note) => html`<p class="quiet">${note}</p>`)}`;
}

function cellHtml(cell: Cell): Html {
  if (cell === null) return html`<td>–</td>`;
  if (typeof cell === 'number') return html`<td>${String(Number(cell.toPrecision(6)))}</td>`;
  return html`<td class="text">${String(cell)}</td>`;
}
