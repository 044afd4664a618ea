import type { Differentiable, GradientRequest } from './differentiable.ts';
import type { PlaneMap } from './resize-map.ts';

/**
 * GradCAM's map before any scaling, one an image, at the size of the stage: ReLU(sum_c w_c A_c) with w_c the mean of the
 * gradient over the map (Selvaraju et al. 2017, eq. 1 and 2).
 */
export async function classActivation(
  network: Differentiable,
  request: GradientRequest & { readonly stage: string },
): Promise<readonly PlaneMap[]> {
  const { height, width, channels, activations, gradients } = await network.stageGradients(request);
  const cells = height * width;
  return Array.from({ length: request.images.count }, (_, image) => {
    const start = image * cells * channels;
    const weights = new Float64Array(channels);
    for (let i = 0; i < cells * channels; i++) weights[i % channels]! += gradients[start + i]! / cells;
    const data = new Float64Array(cells);
    for (let i = 0; i < cells * channels; i++) {
      data[Math.floor(i / channels)]! += weights[i % channels]! * activations[start + i]!;
    }
    return { height, width, data: data.map((value) => Math.max(0, value)) };
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
