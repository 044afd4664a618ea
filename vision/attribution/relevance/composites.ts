import type { Layers } from '../../models/layer-set.ts';
import { relevanceLayers } from './relevance-layers.ts';
import type { RelevanceRule } from './rule-names.ts';
import { epsilonRule, flatRule, plusRule, signedPlusRule } from './rules.ts';
import type { Composite } from './rules.ts';

/** The composites by name; those with z+ are what most use (Montavon et al. 2019, section 10.3; Kohlbrenner et al. 2020). */
const composites: Readonly<Record<Exclude<RelevanceRule, 'captum'>, Composite>> = {
  epsilon: { first: epsilonRule, convolution: epsilonRule, dense: epsilonRule },
  'epsilon-plus': { first: signedPlusRule, convolution: plusRule, dense: epsilonRule },
  'epsilon-plus-flat': { first: flatRule, convolution: plusRule, dense: epsilonRule },
};

/** The layers of one pass through which relevance comes back by the rule so named. */
export function layersFor(
  rule: Exclude<RelevanceRule, 'captum'>,
  epsilon: number,
): (usual: Layers) => Layers {
  return (usual) => relevanceLayers(usual, { composite: composites[rule], epsilon });
}
