import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attribution } from '../../../vision/attribution/method.ts';
import { attributionMethodNamed } from '../../../vision/attribution/methods.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import { groundTruth } from '../../../vision/localisation/ground-truth.ts';
import { valueOf } from '../../../vision/localisation/measurement.ts';
import { defaultPooling, poolChannels } from '../../../vision/localisation/pooling.ts';
import { relevanceMass } from '../../../vision/localisation/relevance-mass.ts';
import { relevanceRank } from '../../../vision/localisation/relevance-rank.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { bytesOf, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import { channelsLast, referenceNetwork, referenceShapes } from './reference-resnet.ts';
import type { ReferenceNetwork } from './reference-resnet.ts';

interface Chain {
  readonly rows: readonly {
    readonly image: number;
    readonly gradcam_paper_rule: Scored;
    readonly guided_backprop: { readonly paper_rule_l2sq: Scored };
    readonly 'guided_gradcam/layer4': { readonly paper_rule_l2sq: Scored };
    readonly saliency_signed: { readonly paper_rule_l2sq: Scored };
    readonly input_x_gradient: { readonly paper_rule_l2sq: Scored };
  }[];
}
interface Scored {
  readonly mass: number;
  readonly rank: number;
}

describe.each(referenceShapes)('maps of the reference $name', ({ name, shape, classes }) => {
  const file = `attribution/${name}.safetensors`;
  const isHere = referencePath(file) !== undefined;
  let reference: ReferenceNetwork;
  beforeAll(async () => {
    await useTestBackend();
    if (isHere) reference = referenceNetwork(file, shape, classes);
  });
  afterAll(() => {
    if (isHere) disposeState(reference.state);
  });

  it.runIf(isHere)('lead to the reference mass and rank', async () => {
    const input = reference.tensors.get('input')!;
    const [count = 0, , height = 0, width = 0] = input.shape;
    const images = { count, height, width, data: channelsLast(input) };
    const targets = Int32Array.from(reference.tensors.get('target')!.data, Number);
    const network = networkGradients({ ...reference, cam: { stage: 'layer4' } });
    const explain = (method: string, options: object = {}): Promise<Attribution> =>
      attributionMethodNamed(method)!.explain({
        ...{ network, images, targets, keys: [0, 1, 2] },
        options: { ...options },
      });
    const chain = referenceJson(`metrics/rma_rra_${name}.json`) as Chain;
    const masks = referenceTensors(`metrics/rma_rra_${name}.safetensors`);
    const found = {
      'grad-cam': await explain('grad-cam'),
      'guided-backprop': await explain('guided-backprop'),
      'guided-grad-cam': await explain('guided-grad-cam'),
      saliency: await explain('saliency', { absolute: false }),
      'input-x-gradient': await explain('input-x-gradient'),
    };
    for (const row of chain.rows) {
      const truth = groundTruth(bytesOf(masks, `mask${row.image}`));
      const expected: { readonly [method in keyof typeof found]: Scored } = {
        'grad-cam': row.gradcam_paper_rule,
        'guided-backprop': row.guided_backprop.paper_rule_l2sq,
        'guided-grad-cam': row['guided_gradcam/layer4'].paper_rule_l2sq,
        saliency: row.saliency_signed.paper_rule_l2sq,
        'input-x-gradient': row.input_x_gradient.paper_rule_l2sq,
      };
      for (const method of Object.keys(found) as (keyof typeof found)[]) {
        const { channels, maps } = found[method];
        const size = channels * images.height * images.width;
        const data = maps.subarray(row.image * size, (row.image + 1) * size);
        const pooled = poolChannels({ ...images, channels, data }, defaultPooling(channels));
        expect(valueOf(relevanceMass(pooled, truth))).toBeCloseTo(expected[method].mass, 5);
        // A pixel at the cut may change sides with the last bit; where GradCAM's corners tie, several do.
        const slack = (method === 'grad-cam' ? 8 : 1) / truth.insideCount + 1e-9;
        expect(Math.abs(valueOf(relevanceRank(pooled, truth))! - expected[method].rank)).toBeLessThan(slack);
      }
    }
  });
});
