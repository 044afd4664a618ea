import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { methodLabel } from '../page/labels.ts';
import { sparsityText } from '../page/numbers.ts';
import type { Drawing } from './grid.ts';
import { inputOf, sightOf } from './shown.ts';
import type { Shown } from './shown.ts';
import type { Stop } from './stops.ts';

/**
 * One image at one sparsity, as large as fits: what all models see by every method, beside the image and its mask. A script fills the
 * places with the pictures that the grid holds already; without one this stays hidden.
 */
export function explorer(drawing: Drawing, shown: readonly Shown[], id: string): Html {
  const several = drawing.study.lines.length > 1;
  return html`<div class="explorer" hidden>
    ${shown.map((one) => (inputOf(one, id) === undefined ? undefined : model(drawing, one, { id, several })))}
    <h4 class="rest">All sparsities side by side</h4>
  </div>`;
}

function model(
  { masks }: Drawing,
  shown: Shown,
  { id, several }: { readonly id: string; readonly several: boolean },
): Html {
  const { line, methods } = shown;
  const mask = masks.picture(inputOf(shown, id)!, `Mask of the object in ${id}`);
  return html`<div class="model-view" data-line="${line.index}">
    ${several ? html`<h4>${line.label}</h4>` : undefined}
    <div class="tiles">
      <div class="tile" data-part="input">
        <span class="seen"></span>
        <p><b>Input</b></p>
      </div>
      ${
        mask === undefined
          ? undefined
          : html`<div class="tile">
              <span class="seen">${mask}</span>
              <p><b>Mask</b></p>
            </div>`
      }
      ${methods.map((method) => {
        const sight = shown.sparsities
          .map((sparsity) => sightOf(shown, { id, method, sparsity }))
          .find((one) => one !== undefined);
        return html`<div class="tile" data-method="${method}">
          <span class="seen">${sight === undefined ? undefined : masks.outline(sight)}</span>
          <p>
            <b>${methodLabel(method)}</b><span class="score told"></span><span class="score taken"></span>
          </p>
        </div>`;
      })}
    </div>
  </div>`;
}

/** The slider over all sparsities, hidden until a script moves what it stands for. */
export function sparsitySlider(stops: readonly Stop[]): Html | undefined {
  if (stops.length < 2) return undefined;
  return html`<div class="slide" hidden>
    <label for="heatmap-sparsity">Sparsity</label>
    <input
      type="range"
      id="heatmap-sparsity"
      min="0"
      max="${stops.length - 1}"
      value="0"
      list="heatmap-stops"
    />
    <output for="heatmap-sparsity"></output>
    <datalist id="heatmap-stops">
      ${stops.map(({ sparsity }, i) => html`<option value="${i}" label="${sparsity === 0 ? 'dense' : sparsityText(sparsity)}" data-sparsity="${sparsity}"></option>`)}
    </datalist>
  </div>`;
}
