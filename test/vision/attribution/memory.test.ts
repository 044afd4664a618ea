import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  ...{ count: 6, height: 32, width: 32 },
  data: Float32Array.from({ length: 6 * 32 * 32 * 3 }, (_, i) => Math.sin(i * 0.37)),
};

const questions: Readonly<Record<string, (network: Differentiable) => Promise<unknown>>> = {
  logits: (network) => network.logits(images),
  gradients: (network) => network.inputGradients({ images, targets: 'predicted', relu: 'guided' }),
  'a path': (network) =>
    network.pathGradients({
      ...{ images: { ...images, count: 2 }, from: 0 },
      ...{ targets: Int32Array.of(1, 2), nodes: quadrature('riemann_middle', 8) },
    }),
  'attention of windows': async (network) =>
    attributionMethodNamed('attention')!.explain({
      ...{ network, images, targets: 'predicted', keys: [] },
      options: { heads: 'mean', variant: 'published' },
    }),
};

describe('what a pass holds', () => {
  const name = 'swin_v2_mini';
  let live: ReturnType<typeof liveNetwork>;
  beforeAll(() => {
    live = liveNetwork(name);
  });
  afterAll(() => {
    disposeState(live.state);
  });

  it.each(Object.entries(questions))('stays within the budget: %s', async (_name, ask) => {
    const peakWithin = async (memoryBytes: number): Promise<number> => {
      const { camStage, windowAttention } = modelNamed(name)!;
      using network = networkGradients({
        ...{ ...live, cam: { stage: camStage }, memoryBytes },
        attention: { kind: 'windows', taps: [windowAttention!] },
      });
      // What fits is found at the first question, by profiles, of which there is one at a time.
      await ask(network);
      const before = tf.memory().numBytes;
      const { peakBytes } = await tf.profile(async () => {
        await ask(network);
        return [];
      });
      return peakBytes - before;
    };
    const whole = await peakWithin(2 ** 40);
    const budget = whole / 2;
    expect(await peakWithin(budget)).toBeLessThan(budget);
  });
});
