import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  floats,
  referenceJson,
  referencePath,
  referenceTensors,
} from '../../support/reference-case.ts';
import { groundTruth } from '../../../vision/localisation/ground-truth.ts';
import type { GroundTruth } from '../../../vision/localisation/ground-truth.ts';
import type { Heatmap } from '../../../vision/localisation/heatmap.ts';
import { valueOf } from '../../../vision/localisation/measurement.ts';
import { poolChannels } from '../../../vision/localisation/pooling.ts';
import type { Pooling } from '../../../vision/localisation/pooling.ts';
import { relevanceMass } from '../../../vision/localisation/relevance-mass.ts';
import { relevanceRank } from '../../../vision/localisation/relevance-rank.ts';

interface Scored {
  readonly mass: number;
  readonly rank: number;
  readonly ties_at_cut?: boolean;
}

/** A method's scores: by pooling, beside `paper_rule_l2sq`. */
interface MethodRow {
  readonly paper_rule_l2sq: Scored;
  readonly [entry: string]: Scored | boolean | number;
}

interface Row {
  readonly image: number;
  readonly gradcam_official_minmax: Scored;
  readonly gradcam_paper_rule: Scored;
  readonly [method: string]: Scored | MethodRow | boolean | number;
}

/** Whatever a row says besides the scores of methods. */
const other = ['image', 'gradcam_official_minmax', 'gradcam_paper_rule', 'gradcam_ties_at_cut'];
const aboutMethod = ['paper_rule_l2sq', 'ties_at_cut_l2sq', 'zero_fraction'];

// The stored maps are float32 of what was scored in float64.
describe.each(['resnet_basic', 'resnet_bottleneck'])('scores of the stored maps of %s', (name) => {
  const file = `attribution/${name}.safetensors`;
  const isHere = referencePath(file) !== undefined;

  it.runIf(isHere)('mass and rank of every method and pooling', () => {
    const maps = referenceTensors(file);
    const masks = referenceTensors(`metrics/rma_rra_${name}.safetensors`);
    const { rows } = referenceJson(`metrics/rma_rra_${name}.json`) as { readonly rows: readonly Row[] };
    let compared = 0;
    for (const row of rows) {
      const truth = groundTruth(bytesOf(masks, `mask${row.image}`));
      const cam = poolChannels(imageOf(maps, 'pytorch_grad_cam/layer4_last', row.image), 'min-max');
      expectMass(cam, truth, row.gradcam_official_minmax);
      expectMass(cam, truth, row.gradcam_paper_rule);
      expectRank(cam, truth, row.gradcam_paper_rule);
      for (const method of Object.keys(row).filter((key) => !other.includes(key))) {
        const scores = row[method] as MethodRow;
        const map = imageOf(maps, method, row.image);
        for (const pooling of Object.keys(scores).filter((key) => !aboutMethod.includes(key))) {
          const pooled = poolChannels(map, pooling as Pooling);
          expectMass(pooled, truth, scores[pooling] as Scored);
          expectRank(pooled, truth, scores[pooling] as Scored);
          compared++;
        }
        const pooled = poolChannels(map, 'l2-norm,sq');
        expectMass(pooled, truth, scores.paper_rule_l2sq);
        expectRank(pooled, truth, scores.paper_rule_l2sq);
      }
    }
    expect(compared).toBe(rows.length * 5 * 6);
  });
});

function imageOf(maps: ReturnType<typeof referenceTensors>, method: string, image: number): Heatmap {
  const { shape } = maps.get(`expect/${method}`)!;
  const [height, width] = shape.slice(-2) as [number, number];
  const channels = shape.length === 3 ? 1 : shape[1]!;
  const size = channels * height * width;
  const data = floats(maps, `expect/${method}`).subarray(image * size, (image + 1) * size);
  return { channels, height, width, data };
}

function expectMass(pooled: Float64Array, truth: GroundTruth, { mass }: Scored): void {
  expect(valueOf(relevanceMass(pooled, truth))).toBeCloseTo(mass, 7);
}

function expectRank(pooled: Float64Array, truth: GroundTruth, { rank }: Scored): void {
  expect(valueOf(relevanceRank(pooled, truth))).toBe(rank);
}
