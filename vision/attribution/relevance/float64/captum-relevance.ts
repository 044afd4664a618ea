import { tf } from '../../../tensors/index.ts';
import type { InputGradients, RelevanceRequest } from '../../differentiable.ts';
import { imageSize, sliceImages } from '../../image-batch.ts';
import { chosenClasses, joinLogits } from '../../logits.ts';
import type { Evaluated } from '../../passes/pass.ts';
import { captumLayers } from './captum-layers.ts';
import { Tape } from './tape.ts';

/** Relevance by the rule `captum`, in float64 on the main processor, image by image: seconds each where images are large. */
export function captumRelevance(
  { network, state }: Evaluated,
  { images, targets }: Pick<RelevanceRequest, 'images' | 'targets'>,
): InputGradients {
  const size = imageSize(images);
  const gradients = new Float32Array(images.count * size);
  const logits = Array.from({ length: images.count }, (_, image) => {
    const one = sliceImages(images, image, image + 1);
    const tape = new Tape();
    return tf.tidy(() => {
      const input = tape.stand([1, one.height, one.width, 3], Float64Array.from(one.data));
      const last = network.forward({ state, input, layers: (usual) => captumLayers(usual, tape) });
      const { data } = tape.valueBehind(last);
      const found = { classes: network.classes, data: Float32Array.from(data) };
      const wanted = targets === 'predicted' ? targets : targets.slice(image, image + 1);
      const [target = 0] = chosenClasses(wanted, found);
      tape.handBack(
        last,
        data.map((value, index) => (index === target ? value : 0)),
      );
      gradients.set(tape.valueBehind(input).relevance, image * size);
      return found;
    });
  });
  return { logits: joinLogits(logits), gradients };
}
