import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { methodLabel } from '../page/labels.ts';
import { scoreNumber, sparsityText } from '../page/numbers.ts';
import type { Study } from '../study/study.ts';
import { imageScores, shownMetric } from './image-score.ts';
import type { Masks } from './masks.ts';
import type { Pictures } from './pictures.ts';
import { inputOf, sightOf } from './shown.ts';
import type { Shown } from './shown.ts';
import { inputImage, mapImage, otherClass } from './sight.ts';
import { stopIndex } from './stops.ts';
import type { Stop } from './stops.ts';

/** What the parts of the figure draw from. */
export interface Drawing {
  readonly study: Study;
  readonly pictures: Pictures;
  readonly masks: Masks;
  readonly stops: readonly Stop[];
}

/** One image as one model sees it: sparsity by column, method by row, the image and its mask first. */
export function grid(drawing: Drawing, shown: Shown, id: string): Html {
  const { study, stops } = drawing;
  const { line, columns, methods } = shown;
  if (inputOf(shown, id) === undefined) return html``;
  return html`<div class="scroll">
      <table class="heatmap-table" data-line="${line.index}" style="--columns:${columns.length}">
        ${
          study.lines.length > 1
            ? html`<caption>
                ${line.label}
              </caption>`
            : undefined
        }
        <thead>
          <tr>
            <th scope="col">Input</th>
            <td></td>
            ${columns.map((sparsity) => html`<th scope="col" data-stop="${stopIndex(stops, line, sparsity)}">${sparsity === 0 ? 'dense' : sparsityText(sparsity)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${methods.map(
            (method, row) =>
              html`<tr>
                ${row === 0 ? input(drawing, shown, id) : undefined}
                <th scope="row">${methodLabel(method)}</th>
                ${cells(drawing, shown, { id, method })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${between(drawing, shown, id)}`;
}

function input({ pictures, masks }: Drawing, shown: Shown, id: string): Html {
  const sight = inputOf(shown, id)!;
  const mask = masks.picture(sight, `Mask of the object in ${id}`);
  return html`<td class="input" rowspan="${shown.methods.length}">
    ${inputImage(sight, pictures)}
    ${mask === undefined ? undefined : html`${mask}<span class="score">Mask</span>`}
  </td>`;
}

interface Row {
  readonly id: string;
  readonly method: string;
}

function cells({ study, pictures, masks, stops }: Drawing, shown: Shown, { id, method }: Row): Html[] {
  const { line, seed, columns } = shown;
  const metric = shownMetric(study);
  const scores = columns.map((sparsity) =>
    imageScores(study, { line, seed, method, sparsity, id }).find((score) => score.metric === metric),
  );
  const best = Math.max(...scores.map((score) => score?.value ?? -Infinity));
  return columns.map((sparsity, column) => {
    const sight = sightOf(shown, { id, method, sparsity });
    if (sight === undefined) return html`<td></td>`;
    const score = scores[column];
    const number = score === undefined ? undefined : scoreNumber(score.value, score.unit);
    const other = otherClass(sight.item);
    const stop = stopIndex(stops, line, sparsity);
    return html`<td>
      <span class="seen"
        >${mapImage(sight, { study, pictures, shown, method, sparsity, stop })}${masks.outline(sight)}</span
      >
      ${number === undefined ? undefined : html`<span class="score">${score?.value === best ? html`<b>${number}</b>` : number}</span>`}
      ${other === undefined ? undefined : html`<span class="score other">${other}</span>`}
    </td>`;
  });
}

/** Maps at sparsities between the columns, for the slider alone. */
function between({ study, pictures, stops }: Drawing, shown: Shown, id: string): Html | undefined {
  const { line, methods, sparsities, columns } = shown;
  const maps = sparsities
    .filter((sparsity) => !columns.includes(sparsity))
    .flatMap((sparsity) =>
      methods.flatMap((method) => {
        const sight = sightOf(shown, { id, method, sparsity });
        const stop = stopIndex(stops, line, sparsity);
        return sight === undefined
          ? []
          : [mapImage(sight, { study, pictures, shown, method, sparsity, stop })];
      }),
    );
  return maps.length === 0 ? undefined : html`<template data-line="${line.index}">${maps}</template>`;
}
