import { describe, expect, it } from 'vitest';
import { referenceJson } from '../../support/reference-case.ts';
import { boxIou } from '../../../vision/discovery/box-iou.ts';
import { matchBox } from '../../../vision/discovery/corloc.ts';
import type { PixelBox } from '../../../vision/discovery/pixel-box.ts';

interface IouCases {
  readonly rows: readonly {
    readonly box: readonly number[];
    readonly gt: readonly (readonly number[])[];
    readonly iou: readonly number[];
    readonly found: boolean;
  }[];
  readonly corloc_percent: number;
}

const { rows, corloc_percent: corloc } = referenceJson('lost/bbox_iou.json') as IouCases;

function box([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[]): PixelBox {
  return { x0, y0, x1, y1 };
}

describe('matching of boxes', () => {
  it('has the reference IoUs, hits and CorLoc', () => {
    let hits = 0;
    for (const row of rows) {
      const ious = row.gt.map((truth) => boxIou(box(row.box), box(truth)));
      ious.forEach((iou, i) => expect(iou).toBeCloseTo(row.iou[i]!, 12));
      const match = matchBox(box(row.box), row.gt.map(box))!;
      expect(match.isHit).toBe(row.found);
      expect(match.iou).toBe(Math.max(...ious));
      if (match.isHit) hits++;
    }
    expect((100 * hits) / rows.length).toBeCloseTo(corloc, 12);
  });

  it('counts nothing found as a miss, and leaves out images without objects', () => {
    expect(matchBox(undefined, [box([0, 0, 1, 1])])).toEqual({ iou: 0, isHit: false });
    expect(matchBox(box([0, 0, 1, 1]), [])).toBeUndefined();
  });

  it('takes the threshold as inclusive', () => {
    const found = box([0, 0, 10, 10]);
    const iou = boxIou(found, box([0, 0, 10, 20]));
    expect(matchBox(found, [box([0, 0, 10, 20])], iou)!.isHit).toBe(true);
  });
});
