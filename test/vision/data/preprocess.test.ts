import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../vision/data/decode.ts';
import type { Raster } from '../../../vision/data/image-set.ts';
import { normalise } from '../../../vision/data/normalise.ts';
import { preprocess, preprocessMask, resizeAndCrop } from '../../../vision/data/preprocess.ts';
import { resize } from '../../../vision/data/resize.ts';
import {
  bytesOf,
  floats,
  referenceJson,
  referencePath,
  referenceTensors,
} from '../../support/reference-case.ts';

interface Case {
  readonly name: string;
  readonly png: string;
  readonly resize: number;
  readonly crop: number;
  readonly interpolation: 'bilinear' | 'bicubic';
  readonly resized_size: readonly [number, number];
  readonly crop_box_ijhw: readonly [number, number, number, number];
}

const { cases } = referenceJson('metrics/preprocess.json') as { readonly cases: readonly Case[] };
const expected = referenceTensors('metrics/preprocess_excerpt.safetensors');
const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

async function open(png: string): Promise<Raster> {
  return decodeImage(await readFile(referencePath(`metrics/${png}`)!), png);
}

describe.each(cases)('$name, as Pillow and torchvision make it', (each) => {
  it('is resized to the bit', async () => {
    const [height, width] = each.resized_size;
    const resized = resize(await open(each.png), { width, height, interpolation: each.interpolation });
    expect(Buffer.from(resized.data).equals(bytesOf(expected, `${each.name}/expect/resized_uint8`))).toBe(
      true,
    );
  });

  it('is resized from a window to the bit', async () => {
    const [top, left, height, width] = each.crop_box_ijhw;
    const image = await open(each.png);
    const resized = resize(cut(image, { left, top, width, height }), {
      width: each.crop,
      height: each.crop,
      interpolation: each.interpolation,
    });
    const wanted = bytesOf(expected, `${each.name}/expect/resized_crop_uint8`);
    expect(Buffer.from(resized.data).equals(wanted)).toBe(true);
  });

  it('becomes the same input', async () => {
    const input = preprocess(await open(each.png), { ...each, ...imageNet });
    const wanted = floats(expected, `${each.name}/expect/eval_tensor`); // [3, crop, crop]
    const pixels = each.crop * each.crop;
    let worst = 0;
    for (let at = 0; at < pixels * 3; at += 1) {
      worst = Math.max(worst, Math.abs(input[at]! - wanted[(at % 3) * pixels + Math.floor(at / 3)]!));
    }
    expect(worst).toBeLessThan(1e-6);
  });
});

describe.runIf(referencePath('metrics/preprocess.safetensors') !== undefined)('the whole case', () => {
  it.each(cases)('$name: decoded, mirrored, and normalised at its own size', async (each) => {
    const whole = referenceTensors('metrics/preprocess.safetensors');
    const image = await open(each.png);
    expect(Buffer.from(image.data).equals(bytesOf(whole, `${each.name}/pixels`))).toBe(true);
    const [top, left, height, width] = each.crop_box_ijhw;
    const mirrored = resize(cut(image, { left, top, width, height }), {
      width: each.crop,
      height: each.crop,
      interpolation: each.interpolation,
      mirror: true,
    });
    expect(Buffer.from(mirrored.data).equals(bytesOf(whole, `${each.name}/expect/hflip_uint8`))).toBe(true);
    const input = new Float32Array(image.data.length);
    normalise({ image, preprocessing: imageNet, out: input, at: 0 });
    const wanted = floats(whole, `${each.name}/expect/tensor_no_resize`); // [3, height, width]
    const pixels = image.width * image.height;
    const worst = input.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - wanted[(at % 3) * pixels + Math.floor(at / 3)]!)),
      0,
    );
    expect(worst).toBeLessThan(1e-6);
  });
});

function cut(image: Raster, window: { left: number; top: number; width: number; height: number }): Raster {
  const { left, top, width, height } = window;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = ((y + top) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

describe('geometry', () => {
  const plain = { interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] } as const;

  it('pads what is smaller than the crop with black, the odd pixel at the lower right', () => {
    const image = { width: 1, height: 2, data: Uint8Array.of(9, 9, 9, 7, 7, 7) };
    const cropped = resizeAndCrop(image, { ...plain, crop: 4 });
    const reds = Array.from({ length: 16 }, (_, pixel) => cropped.data[pixel * 3]);
    expect(reds).toEqual([0, 0, 0, 0, 0, 9, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0]);
  });

  it('takes a mask the same way as its image', () => {
    const mask = {
      width: 6,
      height: 4,
      data: Uint8Array.from({ length: 24 }, (_, at) => (at % 6 >= 3 ? 1 : 0)),
    };
    const small = preprocessMask(mask, { ...plain, resize: 8, crop: 4 });
    // 12 x 8 after resizing; the middle four columns are 4 … 7, the border runs at 6.
    expect(Array.from(small.data)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
  });
});
