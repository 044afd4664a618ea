import type { Preprocessing } from '../models/model-entry.ts';
import { randomFrom } from '../random/random.ts';
import { type Augment, augmentImage } from './augment.ts';
import { erasedWindow } from './augmentation/erase.ts';
import type { Raster } from './raster.ts';
import { normalise } from './normalise.ts';
import { resizeAndCrop } from './preprocess.ts';

/** What is to become of a decoded image: plain data, so that a thread can be told. */
export interface InputRequest {
  readonly preprocessing: Preprocessing;
  /** Absent: evaluation. */
  readonly augment?: Augment;
  /** Of the image's own random stream. */
  readonly keys: readonly number[];
  /** Evaluation: where to leave what the model sees before it is normalised, too, [crop, crop, 3]. */
  readonly keep?: Uint8Array;
}

/** Writes a decoded image as a model's input, [crop, crop, 3], to `out` from index `at` on. */
export function prepareInput(image: Raster, request: InputRequest, out: Float32Array, at: number): void {
  const { preprocessing, augment } = request;
  if (augment === undefined) {
    const seen = resizeAndCrop(image, preprocessing);
    request.keep?.set(seen.data);
    normalise({ image: seen, preprocessing, out, at });
    return;
  }
  const random = randomFrom(...request.keys);
  const changed = augmentImage(image, { preprocessing, augment, random });
  normalise({ image: changed, preprocessing, out, at });
  if (augment.erase !== undefined && random.chance(augment.erase))
    erase(erasedWindow(changed, random), preprocessing.crop, out, at);
}

function erase(window: ReturnType<typeof erasedWindow>, side: number, out: Float32Array, at: number): void {
  if (window === undefined) return;
  for (let y = window.top; y < window.top + window.height; y += 1) {
    const row = at + (y * side + window.left) * 3;
    out.fill(0, row, row + window.width * 3);
  }
}
