import { methodLabel, metricLabel } from '../page/labels.ts';
import { distinct } from '../study/lookup.ts';
import type { PreviewSet, Study } from '../study/study.ts';
import { shownMetric } from './image-score.ts';
import { drawsBoxes } from './shown.ts';
import type { Masks } from './masks.ts';
import type { Pictures } from './pictures.ts';

export interface CaptionRequest {
  readonly study: Study;
  readonly seed: string;
  readonly masks: Masks;
  /** How the images were chosen. */
  readonly how: string;
  readonly pictures: Pictures;
  /** Whether the slider stops at the columns alone, since more pictures would not fit. */
  readonly columnsAlone: boolean;
}

/** What the figure shows, sentence by sentence; those that do not apply are left out. */
export function caption(request: CaptionRequest): string {
  const { study, seed, masks, how, pictures, columnsAlone } = request;
  const metric = shownMetric(study);
  const methods = study.previews.map(({ method }) => method);
  const sentences = [
    `Every image by every model, sparsity by column and method by row${seed === '' ? '' : `, seed ${seed}`}.`,
    methods.some(drawsBoxes) ? 'Found boxes are orange, annotated ones dashed in white.' : '',
    methods.every(drawsBoxes)
      ? ''
      : 'Each map has its own scale, up to its largest value, of maps with several channels up to the 99th percentile: brightness compares places of one map, not maps.',
    metric === undefined
      ? ''
      : `Numbers are the ${metricLabel(metric)} of that very image in per cent; the best of a row is set in bold, and a dash stands where there is none: the map is zero everywhere, or no object is seen.`,
    'Where a model takes the image for something else, that class stands below it.',
    masks.count === 0
      ? ''
      : `The mask shows the object in white${masks.haveVoid ? ', in grey the border that the data set leaves open' : ''}, in the same crop as the model sees the image: what localisation is scored against.`,
    how,
    pictures.reducedTo === undefined
      ? ''
      : `Pictures are reduced to ${pictures.reducedTo} pixels a side, so that the page stays small.`,
    columnsAlone ? 'The slider stops at the columns alone, for the same reason.' : '',
    completeness(study.previews),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
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
  return `A map's sum misses the change of the logit that it explains (convergence delta): ${said.join('; ')}.`;
}
