import { describe, expect, it } from 'vitest';
import { floats, referencePath, referenceTensors } from '../../support/reference-case.ts';
import { scaleToUnit } from '../../../vision/attribution/class-activation.ts';
import { resizeBilinear, resizeNearest } from '../../../vision/attribution/resize-map.ts';

describe('resizing of maps', () => {
  it('repeats the edges and takes half-pixel centres', () => {
    const row = { height: 1, width: 2, data: [0, 1] };
    expect([...resizeBilinear(row, { height: 1, width: 4 })]).toEqual([0, 0.25, 0.75, 1]);
    expect([...resizeNearest(row, { height: 2, width: 3 })]).toEqual([0, 0, 1, 0, 0, 1]);
  });

  const file = 'attribution/resize.safetensors';
  it.runIf(referencePath(file) !== undefined)('is that of the reference', () => {
    const tensors = referenceTensors(file);
    const compare = (found: Float64Array, key: string): void => {
      if (!tensors.has(key)) return;
      floats(tensors, key).forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(1e-5));
    };
    for (const name of ['0', '1', '2', '3']) {
      const [height = 0, width = 0] = tensors.get(`${name}/in`)!.shape;
      const [toHeight = 0, toWidth = 0] = tensors.get(`${name}/scale_cam_image`)!.shape;
      const map = { height, width, data: floats(tensors, `${name}/in`) };
      const to = { height: toHeight, width: toWidth };
      const scaled = { ...map, data: scaleToUnit(Float64Array.from(map.data)) };
      compare(resizeBilinear(scaled, to), `${name}/scale_cam_image`);
      compare(resizeBilinear(map, to), `${name}/torch_bilinear`);
      compare(resizeNearest(map, to), `${name}/torch_nearest`);
    }
  });
});
