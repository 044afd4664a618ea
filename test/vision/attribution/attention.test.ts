import { describe, expect, it } from 'vitest';
import { classTokenRow, rollout, type AttentionWeights } from '../../../vision/attribution/attention.ts';
import { resizeBilinear } from '../../../vision/attribution/resize-map.ts';
import { referencePath, referenceTensors, type ReferenceTensor } from '../../support/reference-case.ts';

const file = 'attribution/vit.safetensors';

const weightsOf = ({ shape, data }: ReferenceTensor): AttentionWeights => ({
  images: shape[0]!,
  heads: shape[1]!,
  tokens: shape[2]!,
  data: data as Float32Array,
});

const furthest = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  Array.from(found, (value, i) => Math.abs(value - expected[i]!)).reduce((a, b) => Math.max(a, b), 0);

/** Two heads, three tokens: worked out by hand. */
const byHand: AttentionWeights = {
  images: 1,
  heads: 2,
  tokens: 3,
  data: Float32Array.of(0.5, 0.25, 0.25, 0, 1, 0, 0, 0, 1, 0, 0.75, 0.25, 0, 1, 0, 0, 0, 1),
};

describe('attention by hand', () => {
  it('fuses the heads of the class token', () => {
    expect([...classTokenRow(byHand, 0, 'mean')]).toEqual([0.5, 0.25]);
    expect([...classTokenRow(byHand, 0, 'max')]).toEqual([0.75, 0.25]);
    expect([...classTokenRow(byHand, 0, 'min')]).toEqual([0.25, 0.25]);
  });

  it('carries the class token through two layers', () => {
    // One layer with the residual: row 0 is [0.625, 0.25, 0.125], patches keep to themselves.
    const [first, second] = rollout([byHand, byHand], { image: 0, fusion: 'mean', residual: true });
    expect(first).toBeCloseTo(0.625 * 0.25 + 0.25, 12);
    expect(second).toBeCloseTo(0.625 * 0.125 + 0.125, 12);
  });
});

describe('attention of the reference ViT', () => {
  const isHere = referencePath(file) !== undefined;
  const tensors = isHere ? referenceTensors(file) : undefined;
  const layers = [0, 1, 2].map(
    (layer) => tensors && weightsOf(tensors.get(`expect/attention/layer${layer}`)!),
  );

  it.each([
    ['rollout_mean', 'mean', true],
    ['rollout_max', 'max', true],
    ['rollout_min', 'min', true],
    ['rollout_mean_noresidual', 'mean', false],
  ] as const)('rolls out as %s', (key, fusion, residual) => {
    if (tensors === undefined) return;
    const expected = tensors.get(`expect/${key}`)!.data as Float32Array;
    for (const image of [0, 1]) {
      const found = rollout(layers as AttentionWeights[], { image, fusion, residual });
      expect(found.length).toBe(36);
      expect(furthest(found, expected.subarray(image * 36, image * 36 + 36))).toBeLessThan(1e-7);
    }
  });

  it('sees the class token upright, on square and on wide images', () => {
    if (tensors === undefined) return;
    const cases = [
      { weights: layers[2]!, side: [6, 6], out: [48, 48], key: 'cls_attention_map_upright' },
      {
        weights: weightsOf(tensors.get('rect_attention')!),
        side: [3, 4],
        out: [18, 24],
        key: 'rect_map_upright_18x24',
      },
    ] as const;
    for (const { weights, side, out, key } of cases) {
      const row = classTokenRow(weights, 0, 'mean');
      const map = resizeBilinear(
        { height: side[0], width: side[1], data: row },
        { height: out[0], width: out[1] },
      );
      const expected = tensors.get(`expect/${key}`)!.data as Float32Array;
      // The reference sums the heads.
      expect(
        furthest(
          map.map((value) => value * weights.heads),
          expected,
        ),
      ).toBeLessThan(2e-7);
    }
  });
});
