import type { StageGradients } from '../differentiable.ts';

/**
 * Maps as the authors' GradCAM reads them on Swin: it takes a map's rows for its channels, so that what it calls a map has
 * a row for each column and a column for each channel. [images, height, width, channels] -> [images, width, channels, height]
 */
export function heightAsChannels(stage: StageGradients): StageGradients {
  const { height, width, channels } = stage;
  const turned = (data: Float32Array): Float32Array => {
    const out = new Float32Array(data.length);
    const row = width * channels;
    data.forEach((value, i) => {
      const [image, y, rest] = [Math.floor(i / (height * row)), Math.floor(i / row) % height, i % row];
      out[(image * row + rest) * height + y] = value;
    });
    return out;
  };
  return {
    ...stage,
    ...{ height: width, width: channels, channels: height },
    activations: turned(stage.activations),
    gradients: turned(stage.gradients),
  };
}
