import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import type { Preprocessing } from '../../vision/models/model-entry.ts';

const channels = { type: 'array', items: { type: 'number' }, minItems: 3, maxItems: 3 };

/** Schema of an option that replaces parts of a model's preprocessing. */
export const preprocessingSchema: JsonSchema = {
  type: 'object',
  default: {},
  description: "What of the model's preprocessing to replace.",
  properties: {
    resize: {
      type: ['integer', 'null'],
      minimum: 1,
      description: 'Shorter side after resizing; null leaves images at their size.',
    },
    crop: { type: 'integer', minimum: 1, description: "Side of the centre crop: the model's input size." },
    interpolation: { enum: ['bilinear', 'bicubic'], description: 'Of the resizing.' },
    mean: { ...channels, description: 'Subtracted from each channel of values in 0..1.' },
    std: { ...channels, description: 'Each channel is divided by it.' },
  },
  additionalProperties: false,
};

export interface PreprocessingOption {
  readonly resize?: number | null;
  readonly crop?: number;
  readonly interpolation?: Preprocessing['interpolation'];
  readonly mean?: Preprocessing['mean'];
  readonly std?: Preprocessing['std'];
}

export function withPreprocessing(base: Preprocessing, option: PreprocessingOption): Preprocessing {
  const { resize: wanted, ...rest } = option;
  const { resize: before, ...others } = { ...base, ...rest };
  const resize = wanted === undefined ? before : (wanted ?? undefined);
  return resize === undefined ? others : { resize, ...others };
}
