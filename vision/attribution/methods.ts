import type { AttributionMethod } from './method.ts';
import { attention } from './methods/attention.ts';
import { attentionRollout } from './methods/attention-rollout.ts';
import { gradCam } from './methods/grad-cam.ts';
import { guidedBackprop } from './methods/guided-backprop.ts';
import { guidedGradCam } from './methods/guided-grad-cam.ts';
import { inputXGradient } from './methods/input-x-gradient.ts';
import { integratedGradients } from './methods/integrated-gradients.ts';
import { lrp } from './methods/lrp.ts';
import { saliency } from './methods/saliency.ts';
import { smoothGrad } from './methods/smooth-grad.ts';

/** Every attribution method a study may name. Loads no tensor code. */
export const attributionMethods: readonly AttributionMethod[] = [
  integratedGradients,
  gradCam,
  guidedGradCam,
  guidedBackprop,
  saliency,
  inputXGradient,
  smoothGrad,
  lrp,
  attention,
  attentionRollout,
];

export function attributionMethodNamed(name: string): AttributionMethod | undefined {
  return attributionMethods.find((method) => method.name === name);
}
