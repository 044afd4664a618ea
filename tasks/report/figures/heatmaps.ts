import { join } from 'node:path';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { methodLabel, metricLabel } from '../page/labels.ts';
import { plural, scoreNumber, sparsityText } from '../page/numbers.ts';
import { distinct, sameSparsity } from '../study/lookup.ts';
import type { Line, PreviewSet, Study } from '../study/study.ts';
import { embedImage } from './embed-image.ts';
import type { Figure } from './figure.ts';
import { imageScore, shownMetric } from './image-score.ts';

/** What one image's part of the figure shows. */
interface Choice {
  readonly line: Line;
  readonly seed: string;
  readonly sparsities: readonly number[];
  readonly methods: readonly string[];
  readonly sets: readonly PreviewSet[];
}

/** The same images across sparsity (columns) and method (rows), the input first. */
export const heatmaps: Figure = {
  name: 'heatmaps',
  render: async (study) => {
    const choices = study.lines.flatMap((line) => choose(study, line));
    const [first] = choices;
    if (first === undefined) return undefined;
    const items = (first.sets[0]?.items ?? []).slice(0, study.limits.heatmapImages);
    const blocks: Html[] = [];
    for (const [i, item] of items.entries()) {
      const tables: Html[] = [];
      for (const choice of choices) tables.push(await table(study, choice, item.id));
      blocks.push(
        html`<div class="image-block" data-image="${i}">
          <h3>Image ${i + 1}<span class="quiet">${item.label}</span></h3>
          ${tables}
        </div>`,
      );
    }
    const scored = shownMetric(study) !== undefined;
    return {
      id: 'heatmaps',
      title: 'Heatmaps',
      body: html`<p class="lead">
          The same ${plural(items.length, 'image')} seen by models of rising sparsity. Bright colours mark the
          pixels that the prediction rests on.
        </p>
        <figure class="heatmaps">
          <div class="chooser" hidden></div>
          ${blocks}
          <figcaption>
            Heatmaps over the input, sparsity by column and method by
            row${first.seed === '' ? '' : `, seed ${first.seed}`}.${scored ? ` Numbers are the ${metricLabel(shownMetric(study)!)} of that very image in per cent; the best of a row is set in bold.` : ''}
            Where a model takes the image for something else, the class that the heatmap explains stands below
            it.${completeness(study.previews)}
          </figcaption>
        </figure>`,
    };
  },
};

/** One seed, and evenly spread sparsities with the dense and the sparsest model among them. */
function choose(study: Study, line: Line): readonly Choice[] {
  const own = study.previews.filter((set) => set.line === line);
  if (own.length === 0) return [];
  const seed = own[0]!.seed;
  const sets = own.filter((set) => set.seed === seed);
  const all = [...distinct(sets.map((set) => set.sparsity))].sort((a, b) => a - b);
  const count = Math.min(study.limits.heatmapColumns, all.length);
  const sparsities = distinct(
    Array.from(
      { length: count },
      (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, count - 1))]!,
    ),
  );
  return [{ line, seed, sparsities, methods: distinct(sets.map((set) => set.method)), sets }];
}

async function table(study: Study, choice: Choice, id: string): Promise<Html> {
  const { line, sparsities, methods, sets } = choice;
  const input = sets.flatMap((set) =>
    set.items.filter((item) => item.id === id).map((item) => ({ set, item })),
  )[0];
  if (input === undefined) return html``;
  const picture = await embedImage(join(input.set.dir, input.item.image));
  const rows: Html[] = [];
  for (const [i, method] of methods.entries()) {
    const scores = sparsities.map((sparsity) =>
      imageScore(study, { line, seed: choice.seed, method, sparsity, id }),
    );
    const best = Math.max(...scores.map((score) => score?.value ?? -Infinity));
    const cells: Html[] = [];
    for (const [column, sparsity] of sparsities.entries()) {
      const set = sets.find((one) => one.method === method && sameSparsity(one.sparsity, sparsity));
      const alt = `${methodLabel(method)} of ${line.label} at ${sparsityText(sparsity)} sparsity`;
      cells.push(await cell({ set, id, alt, score: scores[column], best }));
    }
    rows.push(
      html`<tr>
        ${i === 0 ? html`<td class="input" rowspan="${methods.length}">${image(picture, `Input image ${id}, ${input.item.label}`)}</td>` : undefined}
        <th scope="row">${methodLabel(method)}</th>
        ${cells}
      </tr>`,
    );
  }
  return html`<div class="scroll">
    <table class="heatmap-table" style="--columns:${sparsities.length}">
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
          ${sparsities.map((sparsity) => html`<th scope="col">${sparsity === 0 ? 'dense' : sparsityText(sparsity)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

interface CellRequest {
  readonly set: PreviewSet | undefined;
  readonly id: string;
  readonly alt: string;
  readonly score: { readonly value: number; readonly unit: string } | undefined;
  readonly best: number;
}

async function cell({ set, id, alt, score, best }: CellRequest): Promise<Html> {
  const item = set?.items.find((one) => one.id === id);
  if (set === undefined || item === undefined) return html`<td></td>`;
  const picture = await embedImage(join(set.dir, item.overlay));
  const number = score === undefined ? undefined : scoreNumber(score.value, score.unit);
  const caption = score?.value === best ? html`<b>${number}</b>` : html`${number}`;
  return html`<td>
    ${image(picture, `${alt}, explaining ${item.target}`)}
    ${number === undefined ? undefined : html`<span class="score">${caption}</span>`}
    ${item.target === item.label ? undefined : html`<span class="score other">${item.target}</span>`}
  </td>`;
}

function image({ uri, side }: { readonly uri: string; readonly side: number }, alt: string): Html {
  return html`<img src="${uri}" alt="${alt}" ${side < 64 ? html` class="pixels"` : undefined} />`;
}

/** How well the maps keep what their methods promise of their sums, in units of the logit. */
function completeness(sets: readonly PreviewSet[]): string {
  const said = distinct(sets.map(({ method }) => method)).flatMap((method) => {
    const found = sets.flatMap((set) => (set.method === method && set.convergence ? [set.convergence] : []));
    if (found.length === 0) return [];
    const mean = found.reduce((sum, { meanAbs }) => sum + meanAbs, 0) / found.length;
    const most = Math.max(...found.map(({ maxAbs }) => maxAbs));
    return [`${methodLabel(method)} ${mean.toPrecision(2)} in the mean, ${most.toPrecision(2)} at most`];
  });
  if (said.length === 0) return '';
  return ` A map's sum misses the change of the logit that it explains (convergence delta): ${said.join('; ')}.`;
}
