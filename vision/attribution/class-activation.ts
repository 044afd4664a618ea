import { heightAsChannels } from './authors/height-as-channels.ts';
import type { StageGradients } from './differentiable.ts';
import type { ExplainRequest } from './method.ts';
import type { PlaneMap } from './resize-map.ts';

interface ClassActivation extends Pick<StageGradients, 'logits' | 'guided'> {
  /** One an image, at the size of the stage. */
  readonly planes: readonly PlaneMap[];
}

/**
 * GradCAM's map before any scaling: ReLU(sum_c w_c A_c) with w_c the mean of the gradient over the map (Selvaraju et al. 2017,
 * eq. 1 and 2), read where the model says, or where and as the authors' code reads it.
 */
export async function classActivation(
  { network, images, targets }: ExplainRequest,
  { guided = false, byAuthors = false }: { readonly guided?: boolean; readonly byAuthors?: boolean },
): Promise<ClassActivation> {
  const { stage: usual, authors } = network.cam;
  const { stage = usual, heightAsChannels: isTurned = false } = byAuthors ? (authors ?? {}) : {};
  const seen = await network.stageGradients({ images, targets, stage, guided });
  const { logits, guided: gradients } = seen;
  const sums = weightedSums(isTurned ? heightAsChannels(seen) : seen, images.count);
  const planes = sums.map((plane) => ({ ...plane, data: plane.data.map((value) => Math.max(0, value)) }));
  return { planes, logits, ...(gradients === undefined ? {} : { guided: gradients }) };
}

/** sum_c w_c A_c, one an image: what GradCAM is the ReLU of. */
export function weightedSums(
  { height, width, channels, activations, gradients }: StageGradients,
  images: number,
): readonly { readonly height: number; readonly width: number; readonly data: Float64Array }[] {
  const cells = height * width;
  return Array.from({ length: images }, (_, image) => {
    const start = image * cells * channels;
    const weights = new Float64Array(channels);
    for (let i = 0; i < cells * channels; i++) weights[i % channels]! += gradients[start + i]! / cells;
    const data = new Float64Array(cells);
    for (let i = 0; i < cells * channels; i++) {
      data[Math.floor(i / channels)]! += weights[i % channels]! * activations[start + i]!;
    }
    return { height, width, data };
  });
}

/** Less the minimum, over the maximum plus 1e-7 (the `pytorch-grad-cam` package's scaling). */
export function scaleToUnit(data: Float64Array): Float64Array {
  let low = Infinity;
  let high = -Infinity;
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return data.map((value) => (value - low) / (high - low + 1e-7));
}
