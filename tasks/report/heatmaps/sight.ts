import { join } from 'node:path';
import type { PreviewItem } from '../../previews/previews-file.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { methodLabel, metricLabel } from '../page/labels.ts';
import { scoreText, sparsityText } from '../page/numbers.ts';
import { imageScores } from './image-score.ts';
import type { Study } from '../study/study.ts';
import type { Pictures } from './pictures.ts';
import type { Shown, Sight } from './shown.ts';

export interface MapRequest {
  readonly study: Study;
  readonly pictures: Pictures;
  readonly shown: Shown;
  readonly method: string;
  readonly sparsity: number;
  /** Which stop of the slider it is. */
  readonly stop: number;
}

/** One heatmap as an image that knows what the slider says of it. */
export function mapImage({ set, item }: Sight, request: MapRequest): Html {
  const { study, pictures, shown, method, sparsity, stop } = request;
  const scores = imageScores(study, { line: shown.line, seed: shown.seed, method, sparsity, id: item.id });
  const told = scores.map(
    ({ metric, value, unit }) => `${metricLabel(metric)}\u00a0${scoreText(value, unit)}`,
  );
  const alt = `${methodLabel(method)} of ${shown.line.label} at ${sparsityText(sparsity)} sparsity, explaining ${item.target}`;
  const { uri, side } = pictures.of(join(set.dir, item.overlay));
  return html`<img
    src="${uri}"
    alt="${alt}"
    data-method="${method}"
    data-stop="${stop}"
    data-scores="${told.join(', ')}"
    data-taken="${takenFor(item)}"
    ${side < 64 ? html` class="pixels"` : undefined}
  />`;
}

/** The image itself. */
export function inputImage({ set, item }: Sight, pictures: Pictures): Html {
  const { uri, side } = pictures.of(join(set.dir, item.image));
  return html`<img
    src="${uri}"
    alt="Input image ${item.id}, ${item.label}"
    ${side < 64 ? html` class="pixels"` : undefined}
  />`;
}

/** What the model takes the image for, and which class the map explains where that is another. */
function takenFor({ label, target, predicted }: PreviewItem): string {
  if (predicted === undefined) return target === label ? '' : `explains ${target}`;
  return `taken for ${predicted}${target === predicted ? '' : `, explains ${target}`}`;
}

/** What stands below a map of the grid: another class than the image's own. */
export function otherClass({ label, target, predicted = target }: PreviewItem): string | undefined {
  return [predicted, target].find((name) => name !== label);
}
