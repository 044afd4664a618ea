import { beforeAll, describe, expect, it } from 'vitest';
import { mapFeatures } from '../../../vision/discovery/lost-features.ts';
import { padToPatches } from '../../../vision/discovery/padded-image.ts';
import { modelNamed } from '../../../vision/models/registry.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { valueAt } from '../../../vision/models/value-at.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { disposeState, stateToTensors } from '../../../vision/weights/state.ts';
import type { InitialRule } from '../../../vision/models/initialise.ts';
import { useTestBackend } from '../../support/backend.ts';
import { relativeError } from '../../support/reference-network.ts';

beforeAll(async () => {
  await useTestBackend();
});

function noise(width: number, height: number, seed: number) {
  const random = randomFrom(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

function fresh(network: Network, initialisation: InitialRule): State {
  return stateToTensors(freshState({ entries: network.entries, initialisation, seed: 3 }), network.entries);
}

describe('mapFeatures', () => {
  // Odd sizes: 37 x 50 pixels.
  it.each([
    ['resnet20', [10, 13], 64],
    ['vit_mini_4', [10, 13], 128],
    ['swin_v2_mini', [10, 13], 96],
  ] as const)(
    'sees each image of a batch of %s as it would see it alone, on its grid',
    async (name, grid, size) => {
      const { build, lost, preprocessing, initialisation } = modelNamed(name)!;
      const network = build({ classes: 4 });
      const state = fresh(network, initialisation);
      const images = [1, 2].map((seed) => padToPatches(noise(50, 37, seed), preprocessing, lost.patch));
      const view = { network, state, ...lost };
      const together = await mapFeatures(images, view);
      for (const [place, image] of images.entries()) {
        const [alone] = await mapFeatures([image], view);
        const { rows, columns, scaleX, scaleY, features } = together[place]!;
        expect([rows, columns]).toEqual(grid);
        expect([scaleX, scaleY]).toEqual([lost.patch, lost.patch]);
        expect([features.count, features.size]).toEqual([grid[0] * grid[1], size]);
        expect(relativeError(features.data, alone!.features.data)).toBeLessThan(1e-5);
      }
      expect(relativeError(together[0]!.features.data, together[1]!.features.data)).toBeGreaterThan(1e-3);
      disposeState(state);
    },
  );
});

describe('dilation', () => {
  it.each(['basic', 'bottleneck'] as const)(
    'of a ResNet of %s blocks fills in what the stride had left out',
    (block) => {
      const shape = { block, layers: [1, 1, 1, 2], base: 4 } as const;
      const strided = buildResNet({ ...shape, dilate: [false, false, false] }, 3);
      const dilated = buildResNet({ ...shape, dilate: [false, false, true] }, 3);
      const state = fresh(strided, modelNamed('resnet18')!.initialisation);
      const random = randomFrom(5);
      tf.tidy(() => {
        const pixels = Float32Array.from({ length: 96 * 64 * 3 }, () => random.normal());
        const input = tf.tensor4d(pixels, [1, 96, 64, 3]);
        const coarse = valueAt(strided, 'layer4', { state, input }) as tf.Tensor4D; // [1, 3, 2, channels]
        const fine = valueAt(dilated, 'layer4', { state, input }) as tf.Tensor4D; // [1, 6, 4, channels]
        expect(fine.shape.slice(1, 3)).toEqual([6, 4]);
        const every2nd = tf.stridedSlice(fine, [0, 0, 0, 0], fine.shape, [1, 2, 2, 1]);
        expect(relativeError(every2nd.dataSync(), coarse.dataSync())).toBeLessThan(1e-5);
      });
      disposeState(state);
    },
  );
});
