import type { JsonObject } from '../../cache/json.ts';
import type { DataAdapter } from '../../engine/contract/data-adapter.ts';
import { oodSets } from '../../vision/ood/sets.ts';
import { optionalNumber, optionalText, optionalTexts } from './options.ts';

/** Pictures of 16 categories, drawn from a seed: embedded, so that a study runs without a download. */
export const shapes: DataAdapter = {
  adapter: 'shapes',
  summary:
    'Embedded drawings of 16 categories with masks and boxes, and 17 out-of-distribution sets made from them.',
  version: 1,
  embedded: true,
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['split'],
    properties: {
      split: { enum: ['train', 'validation', 'masks', 'ood'], description: 'Which drawings.' },
      size: {
        type: 'integer',
        minimum: 16,
        maximum: 512,
        default: 32,
        description: 'Side of the images in pixels.',
      },
      count: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        description:
          'Images; for ood, images of each set. Default: train 2048, validation 512, masks 128, ood 128.',
      },
      seed: { type: 'integer', minimum: 0, default: 0, description: 'Another seed gives other drawings.' },
      sets: {
        type: 'array',
        items: { enum: oodSets.map(({ name }) => name) },
        minItems: 1,
        uniqueItems: true,
        description: 'For ood: which of the 17 sets. Default: all.',
      },
    },
  },
  smoke: (options) => ({ ...options, count: Math.min(8, shapesOptions(options).count) }),
  lists: (options) => ({ sets: shapesOptions(options).sets }),
  facts: (options) => {
    const { size, count, sets, split } = shapesOptions(options);
    return { classes: 16, size, images: split === 'ood' ? count * sets.length : count };
  },
  list: () => Promise.resolve({ kind: 'listed', paths: [] }),
};

const usualCounts: { readonly [split: string]: number } = {
  train: 2048,
  validation: 512,
  masks: 128,
  ood: 128,
};

export interface ShapesOptions {
  readonly split: string;
  readonly size: number;
  readonly count: number;
  readonly seed: number;
  /** Empty but for the split `ood`. */
  readonly sets: readonly string[];
}

/** The options with what is not said filled in. */
export function shapesOptions(options: JsonObject): ShapesOptions {
  const split = optionalText(options, 'split') ?? 'train';
  return {
    split,
    size: optionalNumber(options, 'size') ?? 32,
    count: optionalNumber(options, 'count') ?? usualCounts[split] ?? 128,
    seed: optionalNumber(options, 'seed') ?? 0,
    sets: split === 'ood' ? (optionalTexts(options, 'sets') ?? oodSets.map(({ name }) => name)) : [],
  };
}
