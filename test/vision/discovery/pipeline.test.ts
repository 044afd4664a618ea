import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import type { ReferenceTensor } from '../../support/reference-case.ts';
import { channelsFirst, referenceState, relativeError } from '../../support/reference-network.ts';
import { affinityOf } from '../../../vision/discovery/affinity.ts';
import { localiseObject } from '../../../vision/discovery/lost.ts';
import type { LostResult } from '../../../vision/discovery/lost.ts';
import { mapFeatures } from '../../../vision/discovery/lost-features.ts';
import type { ImageFeatures } from '../../../vision/discovery/lost-features.ts';
import { padded, padToPatches } from '../../../vision/discovery/padded-image.ts';
import { toPixels } from '../../../vision/discovery/pixel-box.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { valueAt } from '../../../vision/models/value-at.ts';
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
    /** The box of the seed's own row of affinities. */
    readonly seed_only_box_xyxy: readonly number[];
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
  let network: Network;
  let state: State;
  let found: ImageFeatures;

  beforeAll(async () => {
    await useTestBackend();
    tensors = referenceTensors(file);
    const { base, num_classes: classes } = reference.kwargs;
    network = buildResNet(
      { block: 'bottleneck', layers: [1, 1, 1, 1], base, dilate: reference.dilate },
      classes,
    );
    state = referenceState(tensors, network);
    const [, height = 0, width = 0] = tensors.get('expect/padded')!.shape;
    const data = channelsLast(floats(tensors, 'expect/padded'), height * width);
    const before = tf.memory().numTensors;
    [found] = (await mapFeatures([{ height, width, data }], { network, state, stage: 'layer4' })) as [
      ImageFeatures,
    ];
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
    const everyPatch = Array.from({ length: affinity.count }, (_, patch) => patch);
    for (const patch of everyPatch) {
      affinity.of(patch, everyPatch).forEach((value, other) => {
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
    expect(inPixels(result)).toEqual(reference.result.box_xyxy);
    expect(inPixels(localiseObject({ ...found, k: 1 }))).toEqual(reference.result.seed_only_box_xyxy);
  });

  it('pads the image, and has the map of the reference before it is normalised', () => {
    const [, height = 0, width = 0] = tensors.get('image')!.shape;
    const image = padded(
      { height, width, data: channelsLast(floats(tensors, 'image'), height * width) },
      reference.patch_size,
    );
    expect(image.data).toEqual(channelsLast(floats(tensors, 'expect/padded'), 96 * 128));
    const map = tf.tidy(() => {
      const input = tf.tensor4d(image.data, [1, 96, 128, 3]);
      return channelsFirst(valueAt(network, 'layer4', { state, input }));
    });
    expect(relativeError(map, floats(tensors, 'expect/feature_map'))).toBeLessThan(1e-5);
  });

  function inPixels(result: LostResult): number[] {
    if (result.kind !== 'found') throw new Error(result.kind);
    const { x0, y0, x1, y1 } = toPixels(result.box, { ...found, imageWidth: 122, imageHeight: 90 });
    return [x0, y0, x1, y1];
  }
});

/** [3, pixels] -> [pixels, 3] */
function channelsLast(values: Float32Array, pixels: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (_, i) => values[(i % 3) * pixels + Math.floor(i / 3)]!);
}
