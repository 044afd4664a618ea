import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Differentiable } from '../../../vision/attribution/differentiable.ts';
import type { ImageBatch } from '../../../vision/attribution/image-batch.ts';
import { attributionMethodNamed } from '../../../vision/attribution/methods.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { valueAt } from '../../../vision/models/value-at.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import {
  referenceJson,
  referencePath,
  referenceTensors,
  type ReferenceTensor,
} from '../../support/reference-case.ts';
import { referenceState, relativeError } from '../../support/reference-network.ts';
import { buildMini, type MiniNetwork } from '../models/mini-cases.ts';
import { channelsLast } from './reference-resnet.ts';

interface Explained {
  readonly method: string;
  readonly options: { readonly [option: string]: unknown };
  readonly key: string;
  readonly tolerance: number;
}

const cases: readonly {
  readonly kind: 'vit' | 'swin_v2';
  readonly camStage: string;
  readonly maps: readonly Explained[];
}[] = [
  {
    kind: 'vit',
    camStage: 'encoder.layers.encoder_layer_2.ln_1',
    maps: [
      { method: 'saliency', options: { absolute: false }, key: 'saliency_signed', tolerance: 1e-4 },
      { method: 'grad-cam', options: {}, key: 'pytorch_grad_cam/last_block_ln1', tolerance: 1e-5 },
      {
        method: 'integrated-gradients',
        options: { steps: 16, rule: 'gausslegendre', baseline: 0 },
        key: 'ig/gausslegendre/16',
        tolerance: 1e-5,
      },
    ],
  },
  {
    kind: 'swin_v2',
    // In float32 PyTorch itself is 2e-5 from these values: norms after the branches enlarge what is rounded before.
    camStage: 'features.3.1.norm1',
    maps: [
      { method: 'saliency', options: { absolute: false }, key: 'saliency_signed', tolerance: 1e-4 },
      { method: 'guided-backprop', options: {}, key: 'guided_backprop', tolerance: 1e-4 },
      { method: 'grad-cam', options: {}, key: 'pytorch_grad_cam/norm1', tolerance: 1e-5 },
      {
        method: 'guided-grad-cam',
        options: {},
        key: 'guided_gradcam_channel_last_correct',
        tolerance: 1e-4,
      },
      {
        method: 'integrated-gradients',
        options: { steps: 12, rule: 'gausslegendre', baseline: 0 },
        key: 'ig/gausslegendre/12',
        tolerance: 2e-5,
      },
    ],
  },
];
const here = cases.filter(({ kind }) => referencePath(`attribution/${kind}.safetensors`) !== undefined);

interface Loaded {
  readonly built: Network;
  readonly state: State;
  readonly tensors: ReadonlyMap<string, ReferenceTensor>;
  readonly images: ImageBatch;
  readonly targets: Int32Array;
}

/** A case's network with its weights and images. The caller disposes of the state. */
function load(kind: (typeof cases)[number]['kind']): Loaded {
  const tensors = referenceTensors(`attribution/${kind}.safetensors`);
  const { kwargs } = referenceJson(`attribution/${kind}.json`) as Pick<MiniNetwork, 'kwargs'>;
  const built = buildMini({ kind, kwargs } as MiniNetwork);
  const input = tensors.get('input')!;
  const [count = 0, , height = 0, width = 0] = input.shape;
  return {
    built,
    state: referenceState(tensors, built),
    tensors,
    images: { count, height, width, data: channelsLast(input) },
    targets: Int32Array.from(tensors.get('target')!.data, Number),
  };
}

describe.skipIf(here.length === 0)('attribution of transformers', () => {
  describe.each(here)('attribution of the reference $kind', ({ kind, camStage, maps }) => {
    let loaded: Loaded;
    let network: Differentiable;

    beforeAll(async () => {
      await useTestBackend();
      loaded = load(kind);
      network = networkGradients({ network: loaded.built, state: loaded.state, camStage });
    });
    afterAll(() => {
      disposeState(loaded.state);
    });

    const difference = (found: ArrayLike<number>, key: string): number =>
      relativeError(found, loaded.tensors.get(`expect/${key}`)!.data as Float32Array);

    it.each(maps)('$method is $key', async ({ method, options, key, tolerance }) => {
      const explain = attributionMethodNamed(method)!.explain;
      const before = tf.memory().numTensors;
      const { images, targets } = loaded;
      const found = await explain({ network, images, targets, options, keys: [0, 1] });
      expect(difference(found.maps, key)).toBeLessThan(tolerance);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

const vit = 'attribution/vit.safetensors';

describe.runIf(referencePath(vit) !== undefined)('values of the reference vision transformer', () => {
  let loaded: Loaded;
  beforeAll(async () => {
    await useTestBackend();
    loaded = load('vit');
  });
  afterAll(() => {
    disposeState(loaded.state);
  });

  it.each([0, 1, 2])('are the attention of block %i', (layer) => {
    const { built, state, images, tensors } = loaded;
    const input = tf.tensor4d(images.data, [images.count, images.height, images.width, 3]);
    const name = `encoder.layers.encoder_layer_${layer}.self_attention.weights`;
    const weights = valueAt(built, name, { state, input });
    const expected = tensors.get(`expect/attention/layer${layer}`)!.data as Float32Array;
    expect(relativeError(weights.dataSync(), expected)).toBeLessThan(1e-5);
    tf.dispose([weights, input]);
  });

  it('are a map where they are the tokens after a block', async () => {
    const { built, state, images, tensors, targets } = loaded;
    const network = networkGradients({ network: built, state, camStage: 'encoder.layers.encoder_layer_1' });
    const { explain } = attributionMethodNamed('grad-cam')!;
    const { maps } = await explain({ network, images, targets, options: {}, keys: [0, 1] });
    const expected = tensors.get('expect/pytorch_grad_cam/block_minus2')!.data as Float32Array;
    expect(relativeError(maps, expected)).toBeLessThan(1e-5);
  });

  it('are what the class token attends to, upright', async () => {
    const { built, state, images, tensors, targets } = loaded;
    const attention = [0, 1, 2].map(
      (layer) => `encoder.layers.encoder_layer_${layer}.self_attention.weights`,
    );
    const network = networkGradients({ network: built, state, camStage: 'encoder', attention });
    const explain = (method: string, options: Record<string, unknown>) =>
      attributionMethodNamed(method)!.explain({ network, images, targets, options, keys: [0, 1] });
    const before = tf.memory().numTensors;
    const { maps } = await explain('attention', { heads: 'mean' });
    // The reference sums the four heads.
    const summed = maps.map((value) => 4 * value);
    const expected = tensors.get('expect/cls_attention_map_upright')!.data as Float32Array;
    expect(relativeError(summed, expected)).toBeLessThan(1e-5);
    const rolled = await explain('attention-rollout', { rollout_heads: 'max', residual: true });
    expect(rolled.maps).toHaveLength(images.count * images.height * images.width);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('have names', () => {
    const { built, state } = loaded;
    const input = tf.zeros([1, 48, 48, 3]);
    expect(() => valueAt(built, 'layer9', { state, input })).toThrow("no value 'layer9'");
    input.dispose();
  });
});
