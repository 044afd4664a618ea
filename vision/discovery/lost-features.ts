import { featureMap } from '../models/feature-map.ts';
import type { LostSource } from '../models/model-entry.ts';
import type { Network, State } from '../models/network.ts';
import { valueAt } from '../models/value-at.ts';
import { tf } from '../tensors/index.ts';
import type { PatchFeatures } from './affinity.ts';
import { degreesOnBackend } from './degrees.ts';
import { normaliseAll } from './layer-norm.ts';
import type { PaddedImage } from './padded-image.ts';
import { scrambledTokens } from './scrambled-tokens.ts';

/** A network as LOST looks through it. */
export interface LostView extends LostSource {
  readonly network: Network;
  readonly state: State;
}

export interface ImageFeatures {
  readonly rows: number;
  readonly columns: number;
  /** Pixels that a cell of the map really spans. */
  readonly scaleX: number;
  readonly scaleY: number;
  readonly features: PatchFeatures;
  readonly degrees: readonly number[];
}

/**
 * Features of padded images, all of one size, in one pass: run up to the stage, and unless told otherwise put through a
 * layer norm without affine over all values of an image's map together (Siméoni et al. 2021, section 4.1: maps of
 * convolutions are, keys of transformers are not).
 */
export async function mapFeatures(
  images: readonly PaddedImage[],
  view: LostView,
): Promise<readonly ImageFeatures[]> {
  const { height, width } = images[0]!;
  const map = mapOf(images, view);
  try {
    const [, rows, columns, size] = map.shape; // [batch, rows, columns, features]
    const values = await map.data<'float32'>();
    const count = rows * columns;
    const features = images.map((_, place): PatchFeatures => {
      const own = values.subarray(place * count * size, (place + 1) * count * size);
      return { count, size, data: view.normalise === false ? own : normaliseAll(own) };
    });
    const degrees = await degreesOnBackend(features);
    const grid = { rows, columns, scaleX: width / columns, scaleY: height / rows };
    return features.map((own, place) => ({ ...grid, features: own, degrees: degrees[place]! }));
  } finally {
    map.dispose();
  }
}

function mapOf(images: readonly PaddedImage[], { network, state, stage, scrambled }: LostView): tf.Tensor4D {
  const { height, width } = images[0]!;
  const pixels = new Float32Array(images.length * height * width * 3);
  images.forEach(({ data }, place) => pixels.set(data, place * data.length));
  return tf.tidy(() => {
    const input = tf.tensor4d(pixels, [images.length, height, width, 3]);
    const value = valueAt(network, stage, { state, input });
    return featureMap(network, scrambled === true ? scrambledTokens(value) : value, input.shape);
  });
}
