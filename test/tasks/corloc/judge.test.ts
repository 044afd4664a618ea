import { describe, expect, it } from 'vitest';
import type { FoundBox } from '../../../tasks/boxes/boxes-file.ts';
import { judge } from '../../../tasks/corloc/judge.ts';
import { corlocNotes } from '../../../tasks/corloc/notes.ts';
import type { Box } from '../../../vision/data/image-set.ts';
import { readVocAnnotation } from '../../../vision/data/voc-annotation.ts';
import { referenceJson } from '../../support/reference-case.ts';

const size = { imageWidth: 100, imageHeight: 80 };
const found = (x0: number, y0: number, x1: number, y1: number): FoundBox => ({
  id: 'a',
  box: { x0, y0, x1, y1 },
  ...size,
});
const none: FoundBox = { id: 'b', box: null, reason: 'zero-feature', ...size };
const dog: Box = { x0: 10, y0: 10, x1: 30, y1: 30, category: 'dog' };
const cat: Box = { x0: 50, y0: 10, x1: 90, y1: 50, category: 'cat' };
const keep = { threshold: 0.5, hard: 'keep' } as const;
const drop = { threshold: 0.5, hard: 'drop' } as const;

describe('judge', () => {
  it('matches with the best object, and says which categories were hit', () => {
    const { outcome, match, hits } = judge(found(10, 10, 30, 32), [cat, dog], keep);
    expect(outcome).toBe('measured');
    expect(match!.isHit).toBe(true);
    expect(match!.iou).toBeCloseTo(400 / 440, 6);
    expect([...hits]).toEqual([
      ['cat', false],
      ['dog', true],
    ]);
  });

  it('clips objects to the image, and leaves out those beyond it', () => {
    const over = { ...cat, x1: 200 };
    const beyond = { ...dog, x0: 120, x1: 140 };
    const { match, counts, truth } = judge(found(50, 10, 100, 50), [over, beyond], keep);
    expect(match!.iou).toBeCloseTo(1, 6);
    expect(counts).toEqual({ annotated: 2, hard: 0, outside: 1, clipped: 1 });
    expect(truth).toEqual([{ ...cat, x1: 100 }]);
    // Only touching the edge is beyond it.
    expect(judge(found(0, 0, 5, 5), [{ ...dog, x0: 100, x1: 110 }], keep)).toMatchObject({
      outcome: 'objects-outside',
      match: undefined,
    });
  });

  it('counts hard objects unless they are dropped, and images left without any', () => {
    const hard = { ...dog, truncated: true };
    expect(judge(found(10, 10, 30, 30), [hard], keep)).toMatchObject({ outcome: 'measured' });
    expect(judge(found(10, 10, 30, 30), [hard], drop)).toMatchObject({
      outcome: 'only-hard-objects',
      match: undefined,
    });
    expect(judge(found(10, 10, 30, 30), [hard, cat], drop)).toMatchObject({
      outcome: 'measured',
      match: { iou: 0, isHit: false },
      counts: { annotated: 2, hard: 1 },
    });
  });

  it("finds the reference's hard images", () => {
    const truth = referenceJson('lost/voc_ground_truth.json') as {
      readonly images: readonly { readonly xml: string }[];
      readonly hard_image_indices: readonly number[];
    };
    const large = { ...found(0, 0, 10, 10), imageWidth: 500, imageHeight: 500 };
    const outcomes = truth.images.map(
      ({ xml }) => judge(large, readVocAnnotation(xml, 'a.xml'), drop).outcome,
    );
    const hard = outcomes.flatMap((outcome, place) => (outcome === 'only-hard-objects' ? [place] : []));
    expect(hard).toEqual(truth.hard_image_indices);
  });
});

describe('corlocNotes', () => {
  it('counts outcomes, boxes, and hits of each category', () => {
    const judgements = [
      judge(found(10, 10, 30, 30), [dog, { ...dog, x0: 60, x1: 80 }], drop),
      judge(none, [dog, cat], drop),
      judge(found(0, 0, 5, 5), [], drop),
      judge(found(0, 0, 5, 5), [{ ...cat, difficult: true }], drop),
    ];
    expect(corlocNotes(judgements)).toEqual({
      corloc: { measured: 1, 'no-box': 1, 'no-objects': 1, 'only-hard-objects': 1 },
      boxes: { annotated: 5, hard: 1, outside: 0, clipped: 0 },
      classes: { cat: { images: 1, hits: 0 }, dog: { images: 2, hits: 1 } },
    });
  });
});
