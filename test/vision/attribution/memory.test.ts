import { beforeAll, describe, expect, it } from 'vitest';
import { sourcesOf } from '../../../tasks/attribute/sources.ts';
import type { Differentiable } from '../../../vision/attribution/differentiable.ts';
import type { ImageBatch } from '../../../vision/attribution/image-batch.ts';
import { attributionMethodNamed } from '../../../vision/attribution/methods.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import { imagesThatFit } from '../../../vision/attribution/pass-size.ts';
import { quadrature } from '../../../vision/attribution/quadrature.ts';
import { modelNamed } from '../../../vision/models/registry.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { liveNetwork } from '../models/small-networks.ts';

beforeAll(async () => {
  await useTestBackend();
});

const kilobytes = (count: number): tf.Tensor => tf.fill([count, 256], 1);

describe('images that fit', () => {
  // 100 KB whatever the number of images, 10 KB each, all alive at the end.
  const pass = (images: number): tf.Tensor[] => [kilobytes(100), kilobytes(10 * images)];

  it('leave room for what is held anyway, and for half of all again', async () => {
    expect(await imagesThatFit(1.5 * 150 * 1024, pass)).toBe(5);
    expect(await imagesThatFit(1.5 * 159 * 1024, pass)).toBe(5);
    expect(await imagesThatFit(1.5 * 160 * 1024, pass)).toBe(6);
  });
  it('are one at least', async () => {
    expect(await imagesThatFit(1024, pass)).toBe(1);
  });
});

const images: ImageBatch = {
  ...{ count: 6, height: 16, width: 16 },
  data: Float32Array.from({ length: 6 * 16 * 16 * 3 }, (_, i) => Math.sin(i * 0.37)),
};

interface Question {
  readonly what: string;
  readonly model: string;
  readonly ask: (network: Differentiable) => Promise<unknown>;
}

const questions: readonly Question[] = [
  { what: 'logits', model: 'resnet8', ask: (network) => network.logits(images) },
  {
    what: 'gradients',
    model: 'resnet8',
    ask: (network) => network.inputGradients({ images, targets: 'predicted', relu: 'guided' }),
  },
  {
    what: 'a path',
    model: 'resnet8',
    ask: (network) =>
      network.pathGradients({
        ...{ images: { ...images, count: 2 }, from: 0 },
        ...{ targets: Int32Array.of(1, 2), nodes: quadrature('riemann_middle', 8) },
      }),
  },
  {
    what: 'attention of windows',
    model: 'swin_v2_mini',
    ask: async (network) =>
      attributionMethodNamed('attention')!.explain({
        ...{ network, images, targets: 'predicted', keys: [] },
        options: { heads: 'mean', variant: 'published' },
      }),
  },
];

describe('what a pass holds', () => {
  it.each(questions)('stays within the budget: $what', async ({ model, ask }) => {
    const entry = modelNamed(model)!;
    const live = liveNetwork(model);
    const peakWithin = async (memoryBytes: number): Promise<number> => {
      using network = networkGradients({ ...live, ...sourcesOf(entry), memoryBytes });
      // What fits is found at the first question, by profiles, of which there is one at a time.
      await ask(network);
      const before = tf.memory().numBytes;
      const { peakBytes } = await tf.profile(async () => {
        await ask(network);
        return [];
      });
      return peakBytes - before;
    };
    const budget = (await peakWithin(2 ** 40)) / 2;
    expect(await peakWithin(budget)).toBeLessThan(budget);
    disposeState(live.state);
  });
});
