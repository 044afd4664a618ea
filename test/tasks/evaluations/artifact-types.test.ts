import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import { fromHalf, toHalf } from '../../../tasks/heatmaps/half.ts';
import { writeHeatmapsFile } from '../../../tasks/heatmaps/heatmaps-file.ts';
import { openHeatmaps } from '../../../tasks/heatmaps/read-heatmaps.ts';
import { openHeatmapWriter } from '../../../tasks/heatmaps/write-heatmaps.ts';
import { colourOf } from '../../../tasks/previews/colour-map.ts';
import { artifactTypes } from '../../../tasks/types/registry.ts';
import { safetensorsOf } from '../../support/weights-in-memory.ts';
import { readFile } from 'node:fs/promises';

async function folder(files: { readonly [name: string]: JsonObject } = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-types-'));
  for (const [name, content] of Object.entries(files))
    await writeFile(join(dir, name), JSON.stringify(content));
  return dir;
}

async function problems(type: string, dir: string): Promise<readonly string[]> {
  return artifactTypes.find((each) => each.type === type)!.check(dir);
}

const metric = { unit: 'fraction', higherIsBetter: true, mean: 0.5, values: [1, 0] };
const scores = {
  format: 1,
  measure: 'accuracy',
  about: {},
  items: ['a', 'b'],
  metrics: { accuracy: metric },
};

describe('scores', () => {
  it('pass where each metric has one value an item', async () => {
    expect(await problems('scores', await folder({ 'scores.json': scores }))).toEqual([]);
  });

  it.each([
    [{ ...scores, format: 2 }, 'format is not 1'],
    [{ ...scores, items: ['a'] }, 'metric accuracy has not one value an item'],
    [{ ...scores, metrics: { accuracy: { ...metric, mean: 'high' } } }, 'has no mean'],
    [{ ...scores, metrics: { accuracy: { ...metric, values: [1, 'x'] } } }, 'a value that is no number'],
    [{ ...scores, groups: { condition: ['0'] } }, 'group condition'],
  ])('%#: are refused otherwise', async (content, problem) => {
    const found = await problems('scores', await folder({ 'scores.json': content }));
    expect(found.join()).toContain(problem);
  });
});

describe('boxes and previews', () => {
  const found = { id: 'a', box: { x0: 0, y0: 0, x1: 2, y1: 2 }, imageWidth: 4, imageHeight: 4 };

  it('may lack a box, but not a corner', async () => {
    const boxes = {
      format: 1,
      model: 'm',
      classes: 2,
      sparsity: 0,
      method: 'lost',
      items: [found, { ...found, box: null }],
    };
    expect(await problems('boxes', await folder({ 'boxes.json': boxes }))).toEqual([]);
    const broken = { ...boxes, items: [{ ...found, box: { x0: 0, y0: 0, x1: 2 } }] };
    expect(await problems('boxes', await folder({ 'boxes.json': broken }))).toHaveLength(1);
  });

  it('have the pictures they name', async () => {
    const item = { id: 'a', label: 'cat', target: 'cat', image: 'image-000.png', overlay: 'overlay-000.png' };
    const dir = await folder({ 'previews.json': { format: 1, method: 'x', model: 'm', items: [item] } });
    expect(await problems('previews', dir)).toEqual([
      'image-000.png is missing',
      'overlay-000.png is missing',
    ]);
    for (const name of ['image-000.png', 'overlay-000.png']) await writeFile(join(dir, name), '');
    expect(await problems('previews', dir)).toEqual([]);
    const masked = { ...item, mask: 'mask-000.png' };
    await writeFile(join(dir, 'previews.json'), JSON.stringify({ format: 1, items: [masked] }));
    expect(await problems('previews', dir)).toEqual(['mask-000.png is missing']);
  });
});

describe('heatmaps', () => {
  const preprocessing = { crop: 2, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] } as const;
  const about = {
    format: 1,
    method: 'x',
    model: 'm',
    classes: 2,
    sparsity: 0,
    items: ['a', 'b'],
    predicted: [0, 1],
    targets: [0, 1],
    preprocessing,
  } as const;
  const maps = Float32Array.from([0, 1, 2, 3, -1.5, 0.1, 65504, 1e-7]);

  it.each(['float32', 'float16'] as const)('are read as they were written, in %s', async (precision) => {
    const dir = await folder();
    {
      await using writer = await openHeatmapWriter(
        dir,
        { images: 2, channels: 1, height: 2, width: 2 },
        precision,
      );
      await writer.append(maps.slice(0, 4));
      await writer.append(maps.slice(4));
    }
    await writeHeatmapsFile(dir, about);
    expect(await problems('heatmaps', dir)).toEqual([]);
    await using heatmaps = await openHeatmaps(dir);
    const { data } = await heatmaps.map(1);
    for (let i = 0; i < 4; i++) {
      const expected = precision === 'float32' ? maps[4 + i]! : fromHalf(toHalf(maps[4 + i]!));
      expect(data[i]).toBe(expected);
    }
    // Any other reader of safetensors agrees.
    const read = await safetensorsOf(await readFile(join(dir, 'heatmaps.safetensors')));
    expect(read).toMatchObject({ kind: 'read' });
    await rm(join(dir, 'heatmaps.safetensors'));
    expect((await problems('heatmaps', dir))[0]).toContain('cannot be read');
  });

  it('are refused where maps are missing', async () => {
    const dir = await folder();
    {
      await using writer = await openHeatmapWriter(
        dir,
        { images: 2, channels: 1, height: 2, width: 2 },
        'float32',
      );
      await writer.append(maps.slice(0, 4));
      await expect(writer.append(maps)).rejects.toThrow('announced');
    }
    await writeHeatmapsFile(dir, about);
    expect(await problems('heatmaps', dir)).toEqual(['the maps take 32 bytes, the file has 16']);
  });
});

describe('half precision', () => {
  it('rounds to nearest, ties to even, and keeps what it can hold', () => {
    for (const value of [0, 1, -2, 0.5, 65504, 2 ** -14, 2 ** -24, 1 + 2 ** -10])
      expect(fromHalf(toHalf(value))).toBe(value);
    expect(fromHalf(toHalf(1 + 2 ** -11))).toBe(1);
    expect(fromHalf(toHalf(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9);
    expect(fromHalf(toHalf(65520))).toBe(Infinity);
    expect(fromHalf(toHalf(2 ** -25))).toBe(0);
    expect(fromHalf(toHalf(2 ** -25 * 1.1))).toBe(2 ** -24);
    expect(fromHalf(toHalf(NaN))).toBeNaN();
  });
});

describe('the colour map', () => {
  it('rises in lightness all the way', () => {
    const lightness = Array.from({ length: 101 }, (_, i) => {
      const [red, green, blue] = colourOf(i / 100);
      return 0.2126 * red ** 2.2 + 0.7152 * green ** 2.2 + 0.0722 * blue ** 2.2;
    });
    expect(lightness.every((value, i) => i === 0 || value > lightness[i - 1]!)).toBe(true);
    expect(colourOf(-1)).toEqual(colourOf(0));
    expect(colourOf(2)).toEqual([0xff, 0xf2, 0xc3]);
  });
});
