import { controlsText } from './controls-text.ts';
import type { Decision, DecidedPoint, SweetSpotsFile } from './decision.ts';
import { describeRule } from './describe-rule.ts';
import type { Cell, TableFile } from './table-file.ts';

/** The decisions as a table: one row for each score and sparsity, in the scores' own units. */
export function decisionsTable({ decisions, rule, controls }: SweetSpotsFile): TableFile {
  const undecided = decisions.flatMap((one) =>
    one.outcome.kind === 'undecidable' ? [undecidedNote(one, one.outcome.reason)] : [],
  );
  return {
    format: 1,
    title: 'Sweet spots',
    columns: [
      { name: 'model' },
      { name: 'variant' },
      { name: 'measure' },
      { name: 'metric' },
      { name: 'method' },
      { name: 'set' },
      { name: 'unit' },
      { name: 'sparsity', unit: 'fraction' },
      { name: 'score' },
      { name: 'gain over dense' },
      { name: 'gain, low' },
      { name: 'gain, high' },
      { name: 'p' },
      { name: 'gain, images low' },
      { name: 'gain, images high' },
      { name: 'gain, spread over seeds' },
      { name: 'seeds' },
      { name: 'images' },
      { name: 'images left out' },
      { name: 'verdict' },
      { name: 'controls' },
    ],
    rows: decisions.flatMap((one) =>
      one.outcome.kind === 'decided' ? one.outcome.points.map((point) => row(one, point)) : [],
    ),
    notes: [...describeRule(rule, controls, decisions), ...undecided],
  };
}

function row(of: Decision, point: DecidedPoint): readonly Cell[] {
  const [low, high] = point.interval ?? [null, null];
  const [imagesLow, imagesHigh] = point.imageInterval ?? [null, null];
  return [
    of.model,
    of.variant,
    of.measure,
    of.metric,
    of.method,
    of.set,
    of.unit,
    point.sparsity,
    point.score,
    point.gain,
    low,
    high,
    point.p,
    imagesLow,
    imagesHigh,
    point.seedSpread,
    point.seedGains.length,
    point.images,
    point.missing,
    point.verdict,
    point.verdict === 'sweet-spot' ? controlsText(point) : null,
  ];
}

function undecidedNote(of: Decision, reason: 'no-dense-model' | 'unequal-images' | 'no-values'): string {
  const name = [of.model, of.variant, of.measure, of.metric, of.method, of.set].filter(Boolean).join(', ');
  switch (reason) {
    case 'no-dense-model':
      return `${name}: nothing decided, as no dense model (sparsity 0) was scored.`;
    case 'unequal-images':
      return `${name}: nothing decided, as the images differ between models.`;
    case 'no-values':
      return `${name}: nothing decided, as no image has a value.`;
  }
}
