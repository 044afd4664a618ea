import type { Raster } from '../data/image-set.ts';
import { normalise } from '../data/normalise.ts';
import type { Preprocessing } from '../models/model-entry.ts';
import { featureMap } from '../models/feature-map.ts';
import type { Network, State } from '../models/network.ts';
import { valueAt } from '../models/value-at.ts';
import { tf } from '../tensors/index.ts';
import type { PatchFeatures } from './affinity.ts';
import { degreesOnBackend } from './degrees.ts';
import { normaliseAll } from './layer-norm.ts';

/** A network as LOST looks through it. */
export interface LostView {
  readonly network: Network;
  readonly state: State;
  /** Stage or tap whose value holds the features, and how many pixels one of its cells spans. */
  readonly stage: string;
  readonly patch: number;
  /** Whether all values of the map are normalised together first. Default true. */
  readonly normalise?: boolean;
  readonly preprocessing: Pick<Preprocessing, 'mean' | 'std'>;
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

/** Pixels after normalisation, filled up with zeros right and below to whole patches: [height, width, 3]. */
export interface PaddedImage {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/** Features of an image at its own size: normalised, padded to whole patches, and as `mapFeatures` has it. */
export async function lostFeatures(image: Raster, view: LostView): Promise<ImageFeatures> {
  return mapFeatures(padToPatches(image, view.preprocessing, view.patch), view);
}

/**
 * Features of a padded image: run up to the stage, and unless told otherwise put through a layer norm without affine over
 * all values of the map together (Siméoni et al. 2021, section 4.1: maps of convolutions are, keys of transformers are not).
 */
export async function mapFeatures(
  { height, width, data }: PaddedImage,
  view: Pick<LostView, 'network' | 'state' | 'stage' | 'normalise'>,
): Promise<ImageFeatures> {
  const { network, state, stage, normalise: together = true } = view;
  const map = tf.tidy(() => {
    const input = tf.tensor4d(data, [1, height, width, 3]);
    return featureMap(network, valueAt(network, stage, { state, input }), input.shape);
  });
  try {
    const [, rows, columns, size] = map.shape; // [1, rows, columns, features]
    const values = await map.data<'float32'>();
    const features = { count: rows * columns, size, data: together ? normaliseAll(values) : values };
    const degrees = await degreesOnBackend(features);
    return { rows, columns, scaleX: width / columns, scaleY: height / rows, features, degrees };
  } finally {
    map.dispose();
  }
}

export function padToPatches(
  image: Raster,
  preprocessing: LostView['preprocessing'],
  patch: number,
): PaddedImage {
  const normalised = new Float32Array(image.width * image.height * 3);
  normalise({ image, preprocessing, out: normalised, at: 0 });
  const width = Math.ceil(image.width / patch) * patch;
  const height = Math.ceil(image.height / patch) * patch;
  const data = new Float32Array(height * width * 3);
  for (let row = 0; row < image.height; row++) {
    const from = row * image.width * 3;
    data.set(normalised.subarray(from, from + image.width * 3), row * width * 3);
  }
  return { height, width, data };
}
