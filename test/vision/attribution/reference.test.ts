import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestBackend } from '../../support/backend.ts';
import { referenceJson, referencePath } from '../../support/reference-case.ts';
import { channelsLast, referenceNetwork } from './reference-resnet.ts';
import type { ReferenceNetwork } from './reference-resnet.ts';
import type { Differentiable } from '../../../vision/attribution/differentiable.ts';
import type { ImageBatch } from '../../../vision/attribution/image-batch.ts';
import type { Attribution } from '../../../vision/attribution/method.ts';
import { attributionMethodNamed } from '../../../vision/attribution/methods.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import { quadratureRules } from '../../../vision/attribution/quadrature.ts';
import { defaultPooling, poolChannels } from '../../../vision/localisation/pooling.ts';
import { groundTruth } from '../../../vision/localisation/ground-truth.ts';
import { relevanceMass } from '../../../vision/localisation/relevance-mass.ts';
import { relevanceRank } from '../../../vision/localisation/relevance-rank.ts';
import { valueOf } from '../../../vision/localisation/measurement.ts';
import { bytesOf, referenceTensors } from '../../support/reference-case.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';

interface Case {
  readonly ig: { readonly [run: string]: { readonly convergence_delta: readonly number[] } };
}
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

const shapes = [
  { name: 'resnet_basic', block: 'basic', base: 6, classes: 8, steps: 20 },
  { name: 'resnet_bottleneck', block: 'bottleneck', base: 4, classes: 6, steps: 16 },
] as const;

describe.each(shapes)('attribution of the reference $name', ({ name, block, base, classes, steps }) => {
  const file = `attribution/${name}.safetensors`;
  const isHere = referencePath(file) !== undefined;
  let reference: ReferenceNetwork;
  let network: Differentiable;
  let images: ImageBatch;
  let targets: Int32Array;

  beforeAll(async () => {
    await useTestBackend();
    if (!isHere) return;
    reference = referenceNetwork(
      file,
      { block, layers: [1, 1, 1, 1], base, dilate: [false, false, false] },
      classes,
    );
    const input = reference.tensors.get('input')!;
    const [count = 0, , height = 0, width = 0] = input.shape;
    images = { count, height, width, data: channelsLast(input) };
    targets = Int32Array.from(reference.tensors.get('target')!.data, Number);
    // Small enough that paths are walked in stretches and images go one by one.
    network = networkGradients({ ...reference, camStage: 'layer4', memoryBytes: 2 ** 27 });
  });
  afterAll(() => {
    if (isHere) disposeState(reference.state);
  });

  const explain = (
    method: string,
    options: { readonly [option: string]: unknown } = {},
  ): Promise<Attribution> =>
    attributionMethodNamed(method)!.explain({ network, images, targets, options, keys: [0, 1, 2] });

  /** Largest difference over the largest expected value, as the tolerances are given. */
  function difference(found: ArrayLike<number>, key: string): number {
    const expected = reference.tensors.get(`expect/${key}`)!.data as Float32Array;
    expect(found.length).toBe(expected.length);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0) / largest;
  }

  it.runIf(isHere)('has its logits, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    expect(difference((await network.logits(images)).data, 'logits')).toBeLessThan(1e-5);
    await explain('guided-grad-cam');
    await explain('integrated-gradients', { steps: 3, rule: 'gausslegendre', baseline: 0 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.runIf(isHere).each([
    { method: 'saliency', options: { absolute: true }, key: 'saliency_abs', tolerance: 1e-4 },
    { method: 'saliency', options: { absolute: false }, key: 'saliency_signed', tolerance: 1e-4 },
    { method: 'input-x-gradient', options: {}, key: 'input_x_gradient', tolerance: 1e-4 },
    { method: 'guided-backprop', options: {}, key: 'guided_backprop', tolerance: 1e-5 },
    { method: 'guided-grad-cam', options: {}, key: 'guided_gradcam/layer4', tolerance: 1e-5 },
    { method: 'grad-cam', options: {}, key: 'pytorch_grad_cam/layer4_last', tolerance: 1e-5 },
  ])('$method is $key', async ({ method, options, key, tolerance }) => {
    const { maps } = await explain(method, options);
    expect(difference(maps, key)).toBeLessThan(tolerance);
  });

  it.runIf(isHere).each(quadratureRules)('integrated gradients by %s', { timeout: 120_000 }, async (rule) => {
    const { maps, convergenceDelta } = await explain('integrated-gradients', { steps, rule, baseline: 0 });
    expect(difference(maps, `ig/${rule}/${steps}`)).toBeLessThan(1e-5);
    const { ig } = referenceJson(`attribution/${name}.json`) as Case;
    ig[`${rule}/${steps}`]!.convergence_delta.forEach((delta, image) => {
      expect(convergenceDelta![image]).toBeCloseTo(delta, 5);
    });
  });

  it.runIf(isHere)('integrated gradients from a baseline image', { timeout: 120_000 }, async () => {
    const baseline = channelsLast(reference.tensors.get('ig_custom_baseline')!);
    const { maps } = await explain('integrated-gradients', { steps: 16, rule: 'gausslegendre', baseline });
    expect(difference(maps, 'ig/baseline_custom/16')).toBeLessThan(1e-5);
  });

  it.runIf(isHere)('has the reference mass and rank in the end', async () => {
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
