import { caption } from '../heatmaps/caption.ts';
import { chooseImages } from '../heatmaps/choose-images.ts';
import { explorer, sparsitySlider } from '../heatmaps/explorer.ts';
import { grid } from '../heatmaps/grid.ts';
import { heatScale } from '../heatmaps/heat-scale.ts';
import { readMasks } from '../heatmaps/masks.ts';
import { embedPictures, embedSmallest } from '../heatmaps/pictures.ts';
import type { Pictures } from '../heatmaps/pictures.ts';
import { drawsBoxes, filesOf, shownOf, sightsOf } from '../heatmaps/shown.ts';
import type { Shown } from '../heatmaps/shown.ts';
import { stopsOf } from '../heatmaps/stops.ts';
import { html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import type { Figure } from './figure.ts';

/** Characters that the pictures of a page may take. */
const budget = 5_000_000;

/** The same images across sparsity: all at once in a grid, or one sparsity at a time by a slider. */
export const heatmaps: Figure = {
  name: 'heatmaps',
  render: async (study) => {
    const all = shownOf(study);
    const [first] = all;
    if (first === undefined) return undefined;
    const { items, how } = chooseImages(first.sets[0]?.items ?? [], {
      count: study.limits.heatmapImages,
      ids: study.limits.heatmapIds,
    });
    const ids = items.map(({ id }) => id);
    const { shown, pictures } = await within(all, ids);
    const masks = await readMasks(sightsOf(shown, ids));
    const stops = stopsOf(shown);
    const haveMaps = shown.some(({ methods }) => !methods.every(drawsBoxes));
    const drawing = { study, pictures, masks, stops };
    return {
      id: 'heatmaps',
      title: 'Heatmaps',
      body: html`<p class="lead">
          The same ${plural(items.length, 'image')} seen by models of rising
          sparsity.${haveMaps ? ' Bright colours mark the pixels that the prediction rests on.' : ''}
        </p>
        <figure class="heatmaps">
          ${masks.definitions}
          <div class="heatmap-controls">
            <div class="chooser" hidden></div>
            ${sparsitySlider(stops)}
            ${
              masks.count === 0
                ? undefined
                : html`<label class="outline-choice">
                    <input type="checkbox" id="heatmap-outline" /> show the object's outline
                  </label>`
            }
          </div>
          ${haveMaps ? heatScale : undefined}
          ${items.map(
            (item, i) =>
              html`<div class="image-block" data-image="${i}">
                <h3>Image ${i + 1}<span class="quiet">${item.label}</span></h3>
                ${explorer(drawing, shown, item.id)} ${shown.map((one) => grid(drawing, one, item.id))}
              </div>`,
          )}
          <figcaption>
            ${caption({ study, seed: first.seed, masks, how, pictures, columnsAlone: shown !== all })}
          </figcaption>
        </figure>`,
    };
  },
};

/** All sparsities as far as their pictures fit into the page; else those of the columns alone. */
async function within(
  all: readonly Shown[],
  ids: readonly string[],
): Promise<{ readonly shown: readonly Shown[]; readonly pictures: Pictures }> {
  const whole = await embedPictures(filesOf(all, ids), budget);
  if (whole !== undefined) return { shown: all, pictures: whole };
  const shown = all.map((one) => ({ ...one, sparsities: one.columns }));
  const files = filesOf(shown, ids);
  return { shown, pictures: (await embedPictures(files, budget)) ?? (await embedSmallest(files)) };
}
