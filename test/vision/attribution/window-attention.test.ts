import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receivedInWindows, type AttentionWeights } from '../../../vision/attribution/attention.ts';
import { attributionMethodNamed } from '../../../vision/attribution/methods.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { buildSwinV2 } from '../../../vision/models/swin-v2.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { disposeState, stateToTensors } from '../../../vision/weights/state.ts';
import { modelNamed } from '../../../vision/models/registry.ts';
import { useTestBackend } from '../../support/backend.ts';

describe('attention of windows by hand', () => {
  // Two windows of two tokens, one head; the last token is padding.
  const layer: AttentionWeights = {
    ...{ images: 2, heads: 1, tokens: 2 },
    data: Float32Array.of(0.25, 0.75, 0.5, 0.5, 0.125, 0.875, 1, 0),
  };
  it('goes where the windows lie, without what padding gives and gets', () => {
    const received = receivedInWindows(layer, 0, { places: [2, 0, 1, -1], cells: 3, fusion: 'mean' });
    expect([...received]).toEqual([1.25, 0.125, 0.75]);
  });
});

describe('attention of a Swin transformer', () => {
  // Maps of 7 x 9 tokens in shifted windows of 4 x 4: padded to 8 x 12.
  const shape = { patch: [2, 2], width: 6, depths: [2], heads: [2], window: [4, 4] } as const;
  const images = {
    ...{ count: 2, height: 14, width: 18 },
    data: Float32Array.from({ length: 2 * 14 * 18 * 3 }, (_, i) => Math.sin(i)),
  };
  const tap = 'features.1.1.attn.weights';
  let network: Network;
  let state: State;
  beforeAll(async () => {
    await useTestBackend();
    network = buildSwinV2(shape, 3);
    const { initialisation } = modelNamed('swin_v2_mini')!;
    const { entries } = network;
    state = stateToTensors(freshState({ entries, initialisation, seed: 3 }), entries);
  });
  afterAll(() => {
    disposeState(state);
  });

  it('knows where each token of a window lies', () => {
    const { map, places } = network.attentionWindows!(tap, [2, 14, 18, 3]);
    expect(map).toEqual([7, 9]);
    // Shifted by two: the first window begins at row 2, column 2, and its last row is row 5.
    expect(places.slice(0, 16)).toEqual([20, 21, 22, 23, 29, 30, 31, 32, 38, 39, 40, 41, 47, 48, 49, 50]);
    expect(places.filter((place) => place >= 0).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 63 }, (_, token) => token),
    );
    expect(() => network.attentionWindows!('features.9', [2, 14, 18, 3])).toThrow('no attention weights');
  });

  it('is shown over the whole image', async () => {
    const attention = { kind: 'windows', taps: [tap] } as const;
    using gradients = networkGradients({ network, state, cam: { stage: 'features.1' }, attention });
    const explain = async (heads: string) =>
      attributionMethodNamed('attention')!.explain({
        ...{ network: gradients, images, targets: 'predicted', options: { heads }, keys: [0, 1] },
      });
    const before = tf.memory().numTensors;
    const [mean, max, min] = [await explain('mean'), await explain('max'), await explain('min')];
    expect(tf.memory().numTensors).toBe(before);
    expect(mean.maps).toHaveLength(2 * 14 * 18);
    mean.maps.forEach((value, i) => {
      expect(value).toBeGreaterThan(0);
      expect(max.maps[i]).toBeGreaterThanOrEqual(value);
      expect(min.maps[i]).toBeLessThanOrEqual(value);
    });
    // Every token on the map gives one, some of it to padding.
    const source = gradients.attention!;
    const { layers, logits } = await source.weights(images, 0);
    const windows = { places: source.places!(images), cells: 63, fusion: 'mean' } as const;
    const total = receivedInWindows(layers[0]!, 1, windows).reduce((sum, value) => sum + value, 0);
    expect(total).toBeGreaterThan(40);
    expect(total).toBeLessThan(63);
    expect(mean.logits.data).toEqual(logits.data);
  });
});
