import { describe, expect, it } from 'vitest';
import { bytesOf, floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { groundTruth } from '../../../vision/localisation/ground-truth.ts';
import { totalRelevance, valueOf } from '../../../vision/localisation/measurement.ts';
import type { Heatmap } from '../../../vision/localisation/heatmap.ts';
import { poolChannels } from '../../../vision/localisation/pooling.ts';
import type { Pooling } from '../../../vision/localisation/pooling.ts';
import { relevanceMass } from '../../../vision/localisation/relevance-mass.ts';
import { insideAmongHighest, relevanceRank } from '../../../vision/localisation/relevance-rank.ts';

interface Scored {
  readonly mass: number | null;
  readonly rank: number | null;
}
interface HeatmapCases {
  readonly rows: readonly {
    readonly heatmap: string;
    readonly mask: string;
    readonly values: {
      readonly [pooling: string]: { readonly paper?: Scored & { readonly n_mask: number } };
    };
  }[];
}

const cases = referenceJson('localisation/heatmaps.json') as HeatmapCases;
const tensors = referenceTensors('localisation/heatmaps.safetensors');

function heatmapOf(from: typeof tensors, key: string): Heatmap {
  const [channels = 0, height = 0, width = 0] = from.get(key)!.shape;
  return { channels, height, width, data: floats(from, key) };
}

function poolingNamed(name: string): Pooling {
  return name.startsWith('None') ? 'min-max' : (name as Pooling);
}

describe('mass and rank of the reference heatmaps', () => {
  const rows = cases.rows.flatMap((row) =>
    Object.entries(row.values).flatMap(([pooling, { paper }]) =>
      paper === undefined ? [] : [{ ...row, pooling, paper }],
    ),
  );
  expect(rows.length).toBeGreaterThan(140);

  it.each(rows)('$heatmap under $mask, $pooling', ({ heatmap, mask, pooling, paper }) => {
    // The expected values of the tie cases are those of the one-channel map itself, whose minimum is zero.
    const pooled = poolChannels(
      heatmapOf(tensors, heatmap),
      heatmap.startsWith('ties') ? 'min-max' : poolingNamed(pooling),
    );
    const truth = groundTruth(bytesOf(tensors, mask));
    expect(truth.insideCount).toBe(paper.n_mask);
    if (paper.n_mask === 0) {
      expect(relevanceMass(pooled, truth)).toEqual({ kind: 'empty-mask' });
      expect(relevanceRank(pooled, truth)).toEqual({ kind: 'empty-mask' });
      return;
    }
    // The tie rule holds below the named cases too: with no relevance at all every pixel ties.
    expect(insideAmongHighest(pooled, truth) / truth.insideCount).toBe(paper.rank);
    if (totalRelevance(pooled, truth) === 0) {
      expect(paper.mass).toBeNull();
      expect(relevanceMass(pooled, truth)).toEqual({ kind: 'zero-relevance' });
      expect(relevanceRank(pooled, truth)).toEqual({ kind: 'zero-relevance' });
      return;
    }
    expect(valueOf(relevanceMass(pooled, truth))).toBeCloseTo(paper.mass!, 12);
    expect(valueOf(relevanceRank(pooled, truth))).toBe(paper.rank);
    const isFull = paper.n_mask === pooled.length;
    expect(relevanceMass(pooled, truth).kind).toBe(isFull ? 'full-mask' : 'measured');
  });
});

interface VocCases {
  readonly rows: readonly {
    readonly name: string;
    readonly paper_gt_all_objects_void_excluded: Scored;
    readonly paper_gt_void_pixels_ignored_entirely: Scored;
    readonly foreground_pixels: number;
    readonly void_pixels: number;
  }[];
}

describe('mass and rank under VOC masks', () => {
  const voc = referenceJson('localisation/voc_masks.json') as VocCases;
  const vocTensors = referenceTensors('localisation/voc_masks.safetensors');

  it.each(voc.rows)('$name, void as background and ignored', (row) => {
    const pooled = poolChannels(heatmapOf(vocTensors, `${row.name}/heatmap`), 'l2-norm,sq');
    const labels = bytesOf(vocTensors, `${row.name}/labels`);
    const background = groundTruth(labels);
    const ignored = groundTruth(labels, 'ignored');
    expect(background.insideCount).toBe(row.foreground_pixels);
    expect(labels.length - ignored.countedCount).toBe(row.void_pixels);
    for (const [truth, expected] of [
      [background, row.paper_gt_all_objects_void_excluded],
      [ignored, row.paper_gt_void_pixels_ignored_entirely],
    ] as const) {
      expect(valueOf(relevanceMass(pooled, truth))).toBeCloseTo(expected.mass!, 12);
      expect(valueOf(relevanceRank(pooled, truth))).toBe(expected.rank);
    }
  });
});
