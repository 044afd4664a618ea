import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import type { ReferenceTensor } from '../../support/reference-case.ts';
import { referenceState, relativeError } from '../../support/reference-network.ts';
import { buildMini, type MiniNetwork } from '../models/mini-cases.ts';
import { affinityOf } from '../../../vision/discovery/affinity.ts';
import { localiseObject } from '../../../vision/discovery/lost.ts';
import { mapFeatures, padToPatches } from '../../../vision/discovery/lost-features.ts';
import type { ImageFeatures } from '../../../vision/discovery/lost-features.ts';
import { toPixels } from '../../../vision/discovery/pixel-box.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';

interface PipelineCase {
  readonly dilate: readonly [boolean, boolean, boolean];
  readonly kwargs: { readonly base: number; readonly num_classes: number };
  readonly patch_size: number;
  readonly result: {
    readonly dims: readonly number[];
    readonly scales: readonly number[];
    readonly box_xyxy: readonly number[];
    readonly seed: number;
    readonly order: readonly number[];
    readonly similars: readonly number[];
    readonly scores: readonly number[];
  };
}

describe('padToPatches', () => {
  it('fills up with zeros right and below, after normalising', () => {
    const image = { width: 3, height: 2, data: new Uint8Array(18).fill(255) };
    const { height, width, data } = padToPatches(image, { mean: [0, 0, 0], std: [0.5, 0.5, 0.5] }, 4);
    expect([height, width]).toEqual([4, 4]);
    const row = [2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0];
    expect([...data]).toEqual([...row, ...row, ...new Array<number>(24).fill(0)]);
  });
});

const file = 'lost/pipeline_resnet.safetensors';

describe.runIf(referencePath(file) !== undefined)('LOST from pixels to box', () => {
  const reference = referenceJson('lost/pipeline_resnet.json') as PipelineCase;
  let tensors: ReadonlyMap<string, ReferenceTensor>;
  let state: State;
  let found: ImageFeatures;

  beforeAll(async () => {
    await useTestBackend();
    tensors = referenceTensors(file);
    const { base, num_classes: classes } = reference.kwargs;
    const network = buildResNet(
      { block: 'bottleneck', layers: [1, 1, 1, 1], base, dilate: reference.dilate },
      classes,
    );
    state = referenceState(tensors, network);
    const [, height = 0, width = 0] = tensors.get('expect/padded')!.shape;
    const padded = floats(tensors, 'expect/padded');
    const data = Float32Array.from(padded, (_, i) => padded[(i % 3) * height * width + Math.floor(i / 3)]!);
    const before = tf.memory().numTensors;
    found = await mapFeatures({ height, width, data }, { network, state, stage: 'layer4' });
    expect(tf.memory().numTensors).toBe(before);
  });
  afterAll(() => disposeState(state));

  it('has the reference features', () => {
    const expected = floats(tensors, 'expect/feats');
    expect([found.rows, found.columns]).toEqual(reference.result.dims);
    expect([found.scaleY, found.scaleX]).toEqual(reference.result.scales);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expected.forEach((value, i) =>
      expect(Math.abs(found.features.data[i]! - value) / largest).toBeLessThan(1e-5),
    );
    const affinity = affinityOf(found.features);
    const expectedAffinity = floats(tensors, 'expect/A');
    const top = expectedAffinity.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let patch = 0; patch < affinity.count; patch++) {
      affinity.row(patch).forEach((value, other) => {
        const deviation = Math.abs(value - expectedAffinity[patch * affinity.count + other]!);
        expect(deviation / top).toBeLessThan(1e-5);
      });
    }
  });

  it('finds the reference object', () => {
    const result = localiseObject({ ...found, k: 100 });
    if (result.kind !== 'found') throw new Error(result.kind);
    expect(result.seed).toBe(reference.result.seed);
    expect(result.degrees.map((degree) => 0 - degree)).toEqual(reference.result.scores);
    expect(result.order).toEqual(reference.result.order);
    expect(result.similar).toEqual(reference.result.similars);
    const { x0, y0, x1, y1 } = toPixels(result.box, { ...found, imageWidth: 122, imageHeight: 90 });
    expect([x0, y0, x1, y1]).toEqual(reference.result.box_xyxy);
  });
});

interface TransformerCase extends Pick<MiniNetwork, 'kwargs'> {
  readonly padded_hw: readonly [number, number];
  readonly results: Readonly<Record<string, PipelineCase['result']>>;
}

const transformer = 'lost/pipeline_vit.safetensors';

describe.runIf(referencePath(transformer) !== undefined)(
  'LOST by the features of a vision transformer',
  () => {
    const reference = referenceJson('lost/pipeline_vit.json') as TransformerCase;
    let tensors: ReadonlyMap<string, ReferenceTensor>;
    let network: Network;
    let state: State;

    beforeAll(async () => {
      await useTestBackend();
      tensors = referenceTensors(transformer);
      network = buildMini({ kind: 'vit', kwargs: reference.kwargs } as MiniNetwork);
      state = referenceState(tensors, network);
    });
    afterAll(() => disposeState(state));

    it.each(['keys', 'queries', 'values'])('has the reference %s, and finds their object', async (which) => {
      const [height, width] = reference.padded_hw;
      const padded = floats(tensors, 'expect/padded');
      const data = Float32Array.from(padded, (_, i) => padded[(i % 3) * height * width + Math.floor(i / 3)]!);
      const stage = `encoder.layers.encoder_layer_1.self_attention.${which}`;
      const before = tf.memory().numTensors;
      const found = await mapFeatures({ height, width, data }, { network, state, stage, normalise: false });
      expect(tf.memory().numTensors).toBe(before);
      // The class token comes first.
      const expected = floats(tensors, `expect/${which}`).subarray(found.features.size);
      expect(relativeError(found.features.data, expected)).toBeLessThan(1e-5);
      const { dims, box_xyxy, seed, order, similars, scores } = reference.results[which]!;
      expect([found.rows, found.columns]).toEqual(dims);
      const result = localiseObject({ ...found, k: 100 });
      if (result.kind !== 'found') throw new Error(result.kind);
      expect(result.seed).toBe(seed);
      expect(result.degrees.map((degree) => 0 - degree)).toEqual(scores);
      expect(result.order).toEqual(order);
      expect(result.similar).toEqual(similars);
      const { x0, y0, x1, y1 } = toPixels(result.box, { ...found, imageWidth: 85, imageHeight: 53 });
      expect([x0, y0, x1, y1]).toEqual(box_xyxy);
    });
  },
);
