import type { Differentiable, Logits, Targets } from './differentiable.ts';
import type { ImageBatch } from './image-batch.ts';

/** A way to say which pixels spoke for a class. */
export interface AttributionMethod {
  readonly name: string;
  readonly summary: string;
  /** Channels of its maps: as many as the image's, or one. */
  readonly channels: 3 | 1;
  /** Whether its maps tell evidence for the class from evidence against it. */
  readonly sign: 'signed' | 'positive';
  /** What the network must have, beyond gradients. */
  readonly needs?: 'attention' | 'class-attention' | 'relevance';
  /** JSON Schema of each of its options, with its default. */
  readonly options: { readonly [option: string]: OptionSchema };
  readonly explain: (request: ExplainRequest) => Promise<Attribution>;
}

/** One option's schema, as plain data. Every option has a default. */
interface OptionSchema {
  readonly type?: 'number' | 'integer' | 'boolean' | 'string';
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default: number | string | boolean;
  readonly description: string;
}

export interface ExplainRequest {
  readonly network: Differentiable;
  readonly images: ImageBatch;
  /** The class each image is explained for. */
  readonly targets: Targets;
  /** Every option of the method, defaults filled in. */
  readonly options: { readonly [option: string]: unknown };
  /** Whole numbers that tell the images apart, for methods that draw at random. */
  readonly keys: ArrayLike<number>;
  /** A preprocessed image of the data set, [height, width, 3], by its name; for methods that compare with another image. */
  readonly imageNamed?: (id: string) => Promise<Float32Array>;
}

export interface Attribution {
  readonly channels: 3 | 1;
  /** [images, channels, height, width] at the size of the input. */
  readonly maps: Float32Array<ArrayBuffer>;
  /** Of the images themselves. */
  readonly logits: Logits;
  /** Where a map has to sum to something: how far its sum misses that, an image. */
  readonly convergenceDelta?: Float64Array;
}

/** An option that the caller's schema has checked: another type is a bug. */
export function numberOption(options: ExplainRequest['options'], name: string): number {
  const value = options[name];
  if (typeof value !== 'number') throw new Error(`option ${name} is no number`);
  return value;
}

/** For methods that draw at random. */
export const seedOption: AttributionMethod['options'] = {
  seed: { type: 'integer', minimum: 0, default: 0, description: 'Of what is drawn at random.' },
};
