import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localiseObject } from '../../../vision/discovery/lost.ts';
import type { GridBox } from '../../../vision/discovery/component.ts';
import { mapFeatures } from '../../../vision/discovery/lost-features.ts';
import type { ImageFeatures } from '../../../vision/discovery/lost-features.ts';
import { padded } from '../../../vision/discovery/padded-image.ts';
import type { PaddedImage } from '../../../vision/discovery/padded-image.ts';
import { toPixels } from '../../../vision/discovery/pixel-box.ts';
import type { LostSource } from '../../../vision/models/model-entry.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { valueAt } from '../../../vision/models/value-at.ts';
import { positionsFor } from '../../../vision/models/vit.ts';
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
  /** The box of the seed's own row of affinities. */
  readonly seed_only_box_xyxy: readonly number[];
  readonly seed: number;
  readonly order: readonly number[];
  readonly similars: readonly number[];
  readonly scores: readonly number[];
}
interface PipelineCase {
  readonly kwargs: never;
  readonly results: Readonly<
    Record<'keys' | 'queries' | 'values' | 'ln1_output' | 'official_scrambled', Found>
  >;
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

  const sources: readonly (readonly [keyof PipelineCase['results'], string, LostSource])[] = [
    ['keys', 'keys', { stage: `${last}.self_attention.keys` }],
    ['queries', 'queries', { stage: `${last}.self_attention.queries` }],
    ['values', 'values', { stage: `${last}.self_attention.values` }],
    ['ln1_output', 'ln1_last', { stage: `${last}.ln_1` }],
    ['official_scrambled', 'official_feats', { stage: `${last}.ln_1`, scrambled: true }],
  ];

  it('pads the image as the reference does', () => {
    const [, height = 0, width = 0] = tensors.get('image')!.shape;
    const image = { height, width, data: channelsLast(floats(tensors, 'image'), height * width) };
    expect(padded(image, 8)).toEqual(paddedReference());
  });

  it.each(sources)('has the features and the object of its %s', async (name, key, source) => {
    const before = tf.memory().numTensors;
    const [found] = await mapFeatures([paddedReference()], { network, state, ...source, normalise: false });
    if (found === undefined) throw new Error('no features');
    expect(tf.memory().numTensors).toBe(before);

    const expected = reference.results[name];
    expect([found.rows, found.columns]).toEqual(expected.dims);
    expect([found.scaleY, found.scaleX]).toEqual(expected.scales);
    // [1, 1 + patches, features], the class token first, or without it
    const { size, count } = found.features;
    expect(
      relativeError(found.features.data, floats(tensors, `expect/${key}`).slice(-count * size)),
    ).toBeLessThan(1e-5);

    const result = localiseObject({ ...found, k: 100 });
    if (result.kind !== 'found') throw new Error(result.kind);
    expect(result.degrees.map((degree) => 0 - degree)).toEqual(expected.scores);
    expect(result.seed).toBe(expected.seed);
    expect(result.order).toEqual(expected.order);
    expect(result.similar).toEqual(expected.similars);
    expect(boxFrom(result.box, found)).toEqual(expected.box_xyxy);
    const seedOnly = localiseObject({ ...found, k: 1 });
    if (seedOnly.kind !== 'found') throw new Error(seedOnly.kind);
    expect(boxFrom(seedOnly.box, found)).toEqual(expected.seed_only_box_xyxy);
  });

  it('has the attention, the positions and the last tokens of the reference', () => {
    const { height, width, data } = paddedReference();
    const outputs = [
      ['attention_last', `${last}.self_attention.weights`],
      ['encoder_out', network.stages.at(-2)!],
    ] as const;
    for (const [key, stage] of outputs) {
      const value = tf.tidy(() => {
        const input = tf.tensor4d(data, [1, height, width, 3]);
        return valueAt(network, stage, { state, input }).dataSync<'float32'>();
      });
      expect(relativeError(value, floats(tensors, `expect/${key}`))).toBeLessThan(1e-5);
    }
    const positions = tf.tidy(() =>
      positionsFor(state.get('encoder.pos_embedding')!, [7, 11]).dataSync<'float32'>(),
    );
    expect(relativeError(positions, floats(tensors, 'expect/pos_embedding'))).toBeLessThan(1e-5);
  });

  function paddedReference(): PaddedImage {
    const [, height = 0, width = 0] = tensors.get('expect/padded')!.shape;
    return { height, width, data: channelsLast(floats(tensors, 'expect/padded'), height * width) };
  }
});

function boxFrom(box: GridBox, found: ImageFeatures): number[] {
  const { x0, y0, x1, y1 } = toPixels(box, { ...found, imageWidth: 85, imageHeight: 53 });
  return [x0, y0, x1, y1];
}

/** [3, pixels] -> [pixels, 3] */
function channelsLast(values: Float32Array, pixels: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (_, i) => values[(i % 3) * pixels + Math.floor(i / 3)]!);
}
