import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Differentiable } from '../../../vision/attribution/differentiable.ts';
import type { ImageBatch } from '../../../vision/attribution/image-batch.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import { quadrature } from '../../../vision/attribution/quadrature.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { relativeError } from '../../support/reference-network.ts';
import { liveNetwork } from '../models/small-networks.ts';

const batch = (count: number): ImageBatch => ({
  ...{ count, height: 16, width: 16 },
  data: Float32Array.from({ length: count * 16 * 16 * 3 }, (_, i) => Math.sin(i * 0.37)),
});
const given = Int32Array.of(1, 4, 2);

/** Every question, and the numbers of its answer. */
const questions: Readonly<
  Record<string, (network: Differentiable, images: ImageBatch) => Promise<ArrayLike<number>[]>>
> = {
  logits: async (network, images) => [(await network.logits(images)).data],
  'gradients by the image': async (network, images) => {
    const { logits, gradients } = await network.inputGradients({ images, targets: 'predicted' });
    return [logits.data, gradients];
  },
  'guided gradients of given classes': async (network, images) => {
    const targets = given.slice(0, images.count);
    return [(await network.inputGradients({ images, targets, relu: 'guided' })).gradients];
  },
  'gradients by a stage, and guided': async (network, images) => {
    const request = { images, targets: 'predicted', stage: 'layer3', guided: true } as const;
    const { logits, activations, gradients, guided } = await network.stageGradients(request);
    return [logits.data, activations, gradients, guided!];
  },
  relevance: async (network, images) => {
    const request = { images, targets: 'predicted', rule: 'epsilon-plus', epsilon: 1e-6 } as const;
    return [(await network.relevance(request)).gradients];
  },
  'gradients along paths': async (network, images) => {
    const [targets, nodes] = [given.slice(0, images.count), quadrature('gausslegendre', 7)];
    return [await network.pathGradients({ images, targets, from: 0.1, nodes })];
  },
};

describe('passes that are prepared to run often', () => {
  let live: ReturnType<typeof liveNetwork>;
  beforeAll(async () => {
    await useTestBackend();
    live = liveNetwork('resnet8');
  });
  afterAll(() => {
    disposeState(live.state);
  });

  it.each(Object.entries(questions))('answer as those that are not: %s', async (_name, ask) => {
    const cam = { stage: 'layer3' };
    using plain = networkGradients({ ...live, cam });
    const before = tf.memory().numTensors;
    using prepared = networkGradients({ ...live, cam, calls: 100 });
    // The second batch is short, and filled up.
    for (const images of [batch(3), batch(2)]) {
      const expected = await ask(plain, images);
      const found = await ask(prepared, images);
      expect(found).toHaveLength(expected.length);
      found.forEach((values, i) => {
        expect(relativeError(values, expected[i]!)).toBeLessThan(1e-5);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
