import type { MethodOptions, OptionSchema } from './method.ts';

/** Options that several methods share. */
export const seedOption: OptionSchema = {
  type: 'integer',
  minimum: 0,
  default: 0,
  description: 'Of what is drawn at random: the weights that go, or the images that are looked at.',
};

/** Of methods that look at gradients on labelled images. How many `batches` there are if none is said is the method's. */
export const gradientOptions: { readonly [option: string]: OptionSchema } = {
  seed: seedOption,
  batch: { type: 'integer', minimum: 1, default: 128, description: 'Images in a batch.' },
  batches: { type: 'integer', minimum: 1, description: 'Batches to look at.' },
  label_smoothing: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0,
    description: 'Of the loss whose gradient is taken: share of the target spread over all classes.',
  },
};

/** An option that the caller's schema has checked: another type is a bug. */
export function textOption(options: MethodOptions | undefined, name: string): string {
  const value = options?.[name];
  if (typeof value !== 'string') throw new Error(`option ${name} is no text`);
  return value;
}
