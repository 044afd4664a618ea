import type { NetworkGradientsRequest } from '../../vision/attribution/network-gradients.ts';
import type { ModelDescription } from '../../vision/models/model-entry.ts';

/** Where methods look at a model. */
export function sourcesOf({
  camStage,
  authorsCam,
  attention,
  windowAttention,
}: ModelDescription): Pick<NetworkGradientsRequest, 'cam' | 'attention'> {
  const cam = { stage: camStage, ...(authorsCam === undefined ? {} : { authors: authorsCam }) };
  if (attention !== undefined) return { cam, attention: { kind: 'class-token', taps: attention } };
  if (windowAttention !== undefined) return { cam, attention: { kind: 'windows', taps: [windowAttention] } };
  return { cam };
}
