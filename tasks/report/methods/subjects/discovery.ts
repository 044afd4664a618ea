import type { TaskRecord } from '../../../../engine/contract/study-record.ts';
import { numberOf, optionValues, written } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { deselaers2012, simeoni2021 } from '../works/evaluation.ts';
import { imagesText } from './data.ts';

/** How objects were found without labels, and when one counts as found. */
export function discoverySentences({ of }: Evidence): readonly Phrase[] {
  const found = of('lost');
  const judged = of('corloc');
  return [
    ...(found.length === 0 ? [] : [lostSentence(found)]),
    ...(judged.length === 0 ? [] : [corlocSentence(judged)]),
  ];
}

function lostSentence(tasks: readonly TaskRecord[]): Phrase {
  const told = [
    values(tasks, 'k', (k) => `k = ${k}`),
    values(tasks, 'features', (name) => (name === 'default' ? '' : `${name} of the last layer`)),
    values(tasks, 'dilation', (dilation) => (dilation === '1' ? '' : `last stage dilated by ${dilation}`)),
    values(tasks, 'resize', (side) => `images resized to a shorter side of ${side} pixels`),
    values(tasks, 'variant', (variant) => (variant === 'paper' ? '' : 'features as in the published code')),
  ].filter((text) => text !== '');
  const details = told.length === 0 ? '' : ` (${told.join('; ')})`;
  return say`Objects were found without labels by LOST${cite(simeoni2021)}${details}, one box an image${imagesText(tasks)}.`;
}

function corlocSentence(tasks: readonly TaskRecord[]): Phrase {
  const thresholds = optionValues(tasks, 'threshold').flatMap((value) => numberOf(value) ?? []);
  const from = thresholds.length === 0 ? undefined : say` is at least ${listed(thresholds.map(String))}`;
  const hit =
    from === undefined
      ? undefined
      : say` (a box is a hit where its intersection over union with any annotated box${from})`;
  const hard = optionValues(tasks, 'hard').includes('drop')
    ? ' Objects marked as truncated or difficult did not count.'
    : '';
  return say`Boxes were scored by CorLoc${cite(deselaers2012)}${hit} and by the mean intersection over union.${hard}`;
}

/** An option's values; empty where nothing has to be said of any. */
function values(tasks: readonly TaskRecord[], name: string, text: (value: string) => string): string {
  return optionValues(tasks, name)
    .map((value) => text(written(value)))
    .filter((told) => told !== '')
    .join(' and ');
}
