import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localiseObject } from '../../../vision/discovery/lost.ts';
import { mapFeatures } from '../../../vision/discovery/lost-features.ts';
import { toPixels } from '../../../vision/discovery/pixel-box.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import type { ReferenceTensor } from '../../support/reference-case.ts';
import { referenceState, relativeError } from '../../support/reference-network.ts';
import { buildMini, type MiniNetwork } from '../models/mini-cases.ts';

interface Found {
  readonly dims: readonly [number, number];
  readonly scales: readonly [number, number];
  readonly box_xyxy: readonly number[];
  readonly seed: number;
  readonly order: readonly number[];
  readonly similars: readonly number[];
  readonly scores: readonly number[];
}
interface PipelineCase {
  readonly kwargs: never;
  readonly results: Readonly<Record<'keys' | 'queries' | 'values' | 'ln1_output', Found>>;
}

const file = 'lost/pipeline_vit.safetensors';
const last = 'encoder.layers.encoder_layer_1';

describe.runIf(referencePath(file) !== undefined)('LOST on a ViT, from pixels to box', () => {
  let reference: PipelineCase;
  let tensors: ReadonlyMap<string, ReferenceTensor>;
  let network: Network;
  let state: State;

  beforeAll(async () => {
    await useTestBackend();
    reference = referenceJson('lost/pipeline_vit.json') as PipelineCase;
    tensors = referenceTensors(file);
    network = buildMini({ kind: 'vit', kwargs: reference.kwargs } satisfies MiniNetwork);
    state = referenceState(tensors, network);
  });
  afterAll(() => disposeState(state));

  const sources: readonly (readonly [keyof PipelineCase['results'], string, string])[] = [
    ['keys', 'keys', `${last}.self_attention.keys`],
    ['queries', 'queries', `${last}.self_attention.queries`],
    ['values', 'values', `${last}.self_attention.values`],
    ['ln1_output', 'ln1_last', `${last}.ln_1`],
  ];

  it.each(sources)('has the features and the object of its %s', async (name, key, stage) => {
    const [, height = 0, width = 0] = tensors.get('expect/padded')!.shape;
    const padded = floats(tensors, 'expect/padded');
    const data = Float32Array.from(padded, (_, i) => padded[(i % 3) * height * width + Math.floor(i / 3)]!);
    const before = tf.memory().numTensors;
    const found = await mapFeatures({ height, width, data }, { network, state, stage, normalise: false });
    expect(tf.memory().numTensors).toBe(before);

    const expected = reference.results[name];
    expect([found.rows, found.columns]).toEqual(expected.dims);
    expect([found.scaleY, found.scaleX]).toEqual(expected.scales);
    // [1, 1 + patches, features], the class token first
    const tokens = floats(tensors, `expect/${key}`).subarray(found.features.size);
    expect(relativeError(found.features.data, tokens)).toBeLessThan(1e-5);

    const result = localiseObject({ ...found, k: 100 });
    if (result.kind !== 'found') throw new Error(result.kind);
    expect(result.degrees.map((degree) => 0 - degree)).toEqual(expected.scores);
    expect(result.seed).toBe(expected.seed);
    expect(result.order).toEqual(expected.order);
    expect(result.similar).toEqual(expected.similars);
    const { x0, y0, x1, y1 } = toPixels(result.box, { ...found, imageWidth: 85, imageHeight: 53 });
    expect([x0, y0, x1, y1]).toEqual(expected.box_xyxy);
  });
});
