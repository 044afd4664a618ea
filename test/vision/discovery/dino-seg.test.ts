import { describe, expect, it } from 'vitest';
import { dinoSeg } from '../../../vision/discovery/dino-seg.ts';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';

interface DinoCase {
  readonly dinoseg?: boolean;
  readonly dims: readonly [number, number];
  readonly head: number;
  readonly patch_size: number;
  readonly threshold: number;
  readonly box_xyxy: readonly number[];
}

const { cases } = referenceJson('lost/feature_maps.json') as {
  readonly cases: { readonly [name: string]: DinoCase };
};
const tensors = referenceTensors('lost/feature_maps.safetensors');
const dinoCases = Object.entries(cases).filter(([, each]) => each.dinoseg === true);

describe('DINO-seg', () => {
  it.each(dinoCases)('%s has the box of the published code', (name, each) => {
    const [rows, columns] = each.dims;
    const heads = floats(tensors, `${name}/cls_attention`); // [heads, patches]
    const attention = heads.slice(each.head * rows * columns, (each.head + 1) * rows * columns);
    const box = dinoSeg({ attention, rows, columns, mass: each.threshold, asPublished: true })!;
    const inPixels = [box.left, box.top, box.right, box.bottom].map((cell) => cell * each.patch_size);
    expect(inPixels).toEqual(each.box_xyxy);
  });

  // Two clusters of attention, of two and of three patches.
  const attention = Float32Array.of(9, 0, 0, 0, 9, 0, 0, 8, 0, 0, 8, 8);
  const grid = { attention, rows: 3, columns: 4, mass: 0.9 };

  it('takes the largest component, where the published code never takes the last', () => {
    expect(dinoSeg(grid)).toEqual({ top: 1, left: 2, bottom: 3, right: 4 });
    expect(dinoSeg({ ...grid, asPublished: true })).toEqual({ top: 0, left: 0, bottom: 2, right: 1 });
  });

  it('keeps the share of the attention that is asked for', () => {
    // The two patches of 9 alone are 18 of 42.
    expect(dinoSeg({ ...grid, mass: 0.4 })).toEqual({ top: 0, left: 0, bottom: 2, right: 1 });
  });

  it('finds nothing where nothing attends', () => {
    expect(dinoSeg({ attention: new Float32Array(4), rows: 2, columns: 2 })).toBeUndefined();
  });
});
