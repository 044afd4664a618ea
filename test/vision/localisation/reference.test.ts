import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRedChannelMask } from '../../../vision/data/red-channel-mask.ts';
import {
  bytesOf,
  floats,
  referenceJson,
  referencePath,
  referenceTensors,
} from '../../support/reference-case.ts';
import { groundTruth } from '../../../vision/localisation/ground-truth.ts';
import { totalRelevance, valueOf } from '../../../vision/localisation/measurement.ts';
import type { Heatmap } from '../../../vision/localisation/heatmap.ts';
import { poolChannels } from '../../../vision/localisation/pooling.ts';
import type { Pooling } from '../../../vision/localisation/pooling.ts';
import { relevanceMass } from '../../../vision/localisation/relevance-mass.ts';
import { insideAmongHighest, relevanceRank } from '../../../vision/localisation/relevance-rank.ts';

/*
 * Keys of the reference files, and where each is checked:
 *
 *   heatmaps.json    values.*.paper {mass, rank, n_mask}          'mass and rank of the reference heatmaps'
 *                    values.*.official {mass, rank}               'the official code on the same heatmaps'
 *                    values.*.official.raises                     the same: a named case here
 *                    mismatch/*                                   'maps larger than their mask'
 *   voc_masks.json   paper_gt_*, foreground_pixels, void_pixels   'mass and rank under VOC masks'
 *                    official_l2sq, official_gt_pixels, NAME/official_gt   "the authors' reading of VOC masks"
 *   metrics/rma_rra_*.json   all: chain.test.ts, on the stored maps; test/vision/attribution, on maps of our own
 *
 * Where `ties_at_cut` is set, official ranks follow an unstable sort and are not compared (the file's own note).
 */

interface Scored {
  readonly mass: number | null;
  readonly rank: number | null;
}
type Official = Scored | { readonly raises: string };
interface HeatmapCases {
  readonly rows: readonly {
    readonly heatmap: string;
    readonly mask: string;
    readonly values: {
      readonly [pooling: string]: {
        readonly paper?: Scored & { readonly n_mask: number; readonly ties_at_cut: boolean };
        readonly official: Official;
      };
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

describe('the official code on the same heatmaps', () => {
  const rows = cases.rows.flatMap((row) =>
    Object.entries(row.values).flatMap(([pooling, { official, paper }]) =>
      paper === undefined ? [] : [{ ...row, pooling, official, paper }],
    ),
  );

  it.each(rows)('$heatmap under $mask, $pooling', ({ heatmap, mask, pooling, official, paper }) => {
    const pooled = poolChannels(heatmapOf(tensors, heatmap), poolingNamed(pooling));
    const truth = groundTruth(bytesOf(tensors, mask));
    const mass = relevanceMass(pooled, truth);
    // It fails on masks that are the same everywhere; these are cases with names.
    if ('raises' in official) {
      expect(['full-mask', 'empty-mask']).toContain(mass.kind);
      return;
    }
    // Without relevance it divides by an epsilon and has 0.
    if (mass.kind === 'zero-relevance') expect(official.mass).toBe(0);
    else expect(valueOf(mass)).toBeCloseTo(official.mass!, 12);
    if (!paper.ties_at_cut) expect(valueOf(relevanceRank(pooled, truth))).toBe(official.rank);
  });
});

describe('maps larger than their mask', () => {
  const expected = (heatmap: string): Official =>
    Object.values(cases.rows.find((row) => row.heatmap === heatmap)!.values)[0]!.official;
  const mask = bytesOf(tensors, 'mismatch/mask');
  const side = 16;

  /** The upper left part of a plane, or the plane filled up with zeros to the right and below. */
  function resized(
    plane: ArrayLike<number>,
    from: { readonly width: number; readonly height: number },
    to: { readonly width: number; readonly height: number },
  ): number[] {
    return Array.from({ length: to.width * to.height }, (_, i) => {
      const [x, y] = [i % to.width, Math.floor(i / to.width)];
      return x < from.width && y < from.height ? plane[y * from.width + x]! : 0;
    });
  }

  // Here maps and masks go through the same geometry, so that nobody has to cut; the numbers are those of what is cut.
  it('the official code cuts a map with channels', () => {
    const { channels, height, width, data } = heatmapOf(tensors, 'mismatch/heatmap3d');
    const planes = Array.from({ length: channels }, (_, c) =>
      resized(
        Array.from(data).slice(c * height * width, (c + 1) * height * width),
        { width, height },
        { width: side, height: side },
      ),
    );
    const cut = { channels, height: side, width: side, data: planes.flat() };
    expectScores(poolChannels(cut, 'l2-norm,sq'), mask, expected('mismatch/heatmap3d'));
  });

  it('the official code fills up the mask of a map without', () => {
    const { shape } = tensors.get('mismatch/heatmap2d')!;
    const [height = 0, width = 0] = shape;
    const map = { channels: 1, height, width, data: floats(tensors, 'mismatch/heatmap2d') };
    const filled = resized(mask, { width: side, height: side }, { width, height });
    expectScores(poolChannels(map, 'min-max'), filled, expected('mismatch/heatmap2d'));
  });

  function expectScores(pooled: Float64Array, under: ArrayLike<number>, official: Official): void {
    if ('raises' in official) throw new Error(official.raises);
    const truth = groundTruth(under);
    expect(valueOf(relevanceMass(pooled, truth))).toBeCloseTo(official.mass!, 12);
    expect(valueOf(relevanceRank(pooled, truth))).toBe(official.rank);
  }
});

interface VocCases {
  readonly rows: readonly {
    readonly name: string;
    readonly paper_gt_all_objects_void_excluded: Scored;
    readonly paper_gt_void_pixels_ignored_entirely: Scored;
    readonly foreground_pixels: number;
    readonly void_pixels: number;
    readonly png: string;
    readonly official_l2sq: Official;
    readonly official_gt_pixels?: number;
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

describe("the authors' reading of VOC masks", () => {
  const voc = referenceJson('localisation/voc_masks.json') as VocCases;
  const vocTensors = referenceTensors('localisation/voc_masks.safetensors');

  it.each(voc.rows)('$name by its red channel', ({ name, png, official_l2sq: official, ...row }) => {
    const mask = readRedChannelMask(readFileSync(referencePath(`localisation/${png}`)!), png);
    const truth = groundTruth(mask.data);
    const pooled = poolChannels(heatmapOf(vocTensors, `${name}/heatmap`), 'l2-norm,sq');
    if ('raises' in official) {
      expect(relevanceMass(pooled, truth)).toEqual({ kind: 'empty-mask' });
      return;
    }
    expect(mask.data).toEqual(bytesOf(vocTensors, `${name}/official_gt`));
    expect(truth.insideCount).toBe(row.official_gt_pixels);
    expect(valueOf(relevanceMass(pooled, truth))).toBeCloseTo(official.mass!, 12);
    expect(valueOf(relevanceRank(pooled, truth))).toBe(official.rank);
  });
});
