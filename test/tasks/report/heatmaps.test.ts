import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import type { PreviewItem, PreviewsFile } from '../../../tasks/previews/previews-file.ts';
import { chooseImages } from '../../../tasks/report/heatmaps/choose-images.ts';
import { outlineOf } from '../../../tasks/report/heatmaps/outline.ts';
import { embedPictures, embedSmallest } from '../../../tasks/report/heatmaps/pictures.ts';
import type { Shown } from '../../../tasks/report/heatmaps/shown.ts';
import { stopIndex, stopsOf } from '../../../tasks/report/heatmaps/stops.ts';
import { report } from '../../../tasks/report/index.ts';
import type { Line } from '../../../tasks/report/study/study.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { gatheringContext } from './context.ts';
import { quickstartLike, writeFakeStudy } from './fake-study.ts';
import type { FakeArtifacts } from './fake-study.ts';
import { parsePage } from './parse-page.ts';
import type { PageElement } from './parse-page.ts';

describe('the outline of a mask', () => {
  const of = (...rows: readonly string[]): string =>
    outlineOf({
      width: rows[0]!.length,
      height: rows.length,
      isInside: (pixel) => rows.join('')[pixel] === '#',
    });

  it('runs along the edges of pixels, in as few strokes as there are corners', () => {
    expect(of('....', '.##.', '....')).toBe('M1 1H3V2H1Z');
    expect(of('##', '##')).toBe('M0 0H2V2H0Z');
    expect(of('...', '...')).toBe('');
  });

  it.each([
    ['a hole', ['#####', '#...#', '#.#.#', '#...#', '#####']],
    ['corners that touch', ['#.#', '.#.', '#.#']],
    ['the whole picture', ['###', '###']],
    ['parts at every edge', ['#..#', '....', '#..#']],
  ])('covers, filled, the pixels of %s and no other', async (_, rows) => {
    const [width, height] = [rows[0]!.length, rows.length];
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges"><path d="${of(...rows)}" fill-rule="evenodd"/></svg>`;
    const drawn = await sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer();
    expect([...drawn].map((alpha) => (alpha > 127 ? '#' : '.')).join('')).toBe(rows.join(''));
  });

  it('covers a region drawn by lot', async () => {
    const random = randomFrom(7);
    const rows = Array.from({ length: 40 }, () =>
      Array.from({ length: 50 }, () => (random.uniform() < 0.5 ? '#' : '.')).join(''),
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="50" height="40" shape-rendering="crispEdges"><path d="${of(...rows)}" fill-rule="evenodd"/></svg>`;
    const drawn = await sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer();
    expect([...drawn].map((alpha) => (alpha > 127 ? '#' : '.')).join('')).toBe(rows.join(''));
  });
});

describe('the stops of the slider', () => {
  const shown = (index: number, sparsities: readonly number[]): Shown => {
    const line: Line = { key: String(index), model: `m${index}`, variant: '', label: `M${index}`, index };
    return { line, seed: '', methods: [], sparsities, columns: sparsities, sets: [] };
  };

  it('are one where models differ by the rounding of counts', () => {
    const [a, b] = [shown(0, [0, 0.2, 0.36]), shown(1, [0, 0.20003, 0.5])];
    const stops = stopsOf([a, b]);
    expect(stops.map(({ sparsity }) => sparsity)).toEqual([0, 0.2, 0.36, 0.5]);
    expect(stopIndex(stops, b.line, 0.20003)).toBe(1);
    expect(stops[2]!.of.get(b.line)).toBeUndefined();
  });

  it('tell all sparsities of one model apart, near 1 too', () => {
    const close = [0.5, 0.5004, 0.999, 0.9992, 1];
    expect(stopsOf([shown(0, close)]).map(({ sparsity }) => sparsity)).toEqual(close);
    expect(stopsOf([shown(0, [0.999]), shown(1, [0.9992])])).toHaveLength(2);
    expect(stopsOf([shown(0, [1]), shown(1, [1])])).toHaveLength(1);
  });
});

describe('the choice of images', () => {
  const drawn: readonly PreviewItem[] = ['dog', 'dog', 'boat', 'dog', 'clock'].map((label, i) => ({
    ...{ id: `img-${i}`, label, target: label, image: '', overlay: '' },
  }));
  const ids = (count: number, named: readonly string[] = []): readonly string[] =>
    chooseImages(drawn, { count, ids: named }).items.map(({ id }) => id);

  it('takes the first of each class, then the others, and says so', () => {
    expect(ids(2)).toEqual(['img-0', 'img-2']);
    expect(ids(4)).toEqual(['img-0', 'img-2', 'img-4', 'img-1']);
    expect(ids(9)).toHaveLength(5);
    expect(chooseImages(drawn, { count: 2, ids: [] }).how).toContain('whatever their maps look like');
  });

  it('takes those that the study names in its order, and says which are not there', () => {
    expect(ids(1, ['img-3', 'img-0'])).toEqual(['img-3', 'img-0']);
    const { items, how } = chooseImages(drawn, { count: 1, ids: ['img-3', 'img-77'] });
    expect(items).toHaveLength(1);
    expect(how).toMatch(/names the images.*img-77.*drawn are img-0, img-1/);
    const none = chooseImages(drawn, { count: 1, ids: ['img-77'] });
    expect(none.items.map(({ id }) => id)).toEqual(['img-0']);
    expect(none.how).toMatch(/the first .*img-77/);
  });
});

describe('the pictures of a page', () => {
  let large: readonly string[];
  let small: readonly string[];

  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'report-pictures-'));
    const write = async (side: number, count: number): Promise<readonly string[]> => {
      const random = randomFrom(side);
      const files: string[] = [];
      for (let i = 0; i < count; i++) {
        const data = Uint8Array.from(
          { length: side * side * 3 },
          () => 85 * Math.floor(4 * random.uniform()),
        );
        const file = join(dir, `${side}-${i}.png`);
        await writeFile(file, encode({ width: side, height: side, channels: 3, depth: 8, data }));
        files.push(file);
      }
      return files;
    };
    large = await write(216, 3);
    small = await write(32, 5);
  });

  it('are small files as they are while there is room, and keep every pixel where there is less', async () => {
    const roomy = (await embedPictures(small, 1e6))!;
    expect(roomy.reducedTo).toBeUndefined();
    expect(roomy.of(small[0]!)).toMatchObject({ side: 32 });
    expect(roomy.of(small[0]!).uri).toMatch(/^data:image\/png/);
    const tight = (await embedPictures(small, roomy.size - 1))!;
    expect(tight.size).toBeLessThan(roomy.size);
    expect(await pixelsOf(tight.of(small[3]!).uri)).toEqual(await pixelsOf(roomy.of(small[3]!).uri));
  });

  it('are reduced until all of them fit, the same every time', async () => {
    const most = (await embedPictures(large, 1e9))!;
    const least = await embedSmallest(large);
    expect(most.reducedTo).toBe(208);
    expect(least.reducedTo).toBeLessThan(100);
    for (const budget of [most.size - 1, Math.floor(most.size / 3), least.size]) {
      const fitted = (await embedPictures(large, budget))!;
      expect(fitted.size).toBeLessThanOrEqual(budget);
      const again = (await embedPictures(large, budget))!;
      expect(again.of(large[2]!)).toEqual(fitted.of(large[2]!));
    }
    // Of many a sample is tried first: here it holds small ones alone.
    const mixed = Array.from({ length: 26 }, (_, i) => (i % 2 === 0 ? small[0]! : large[0]!));
    const budget = (await embedSmallest(mixed)).size;
    expect((await embedPictures(mixed, budget))!.size).toBeLessThanOrEqual(budget);
    // What is not needed is not taken away.
    expect((await embedPictures(large, most.size))!.of(large[0]!)).toEqual(most.of(large[0]!));
    expect(await embedPictures(large, least.size - 1)).toBeUndefined();
  });
});

describe('the figure', () => {
  const study = {
    ...quickstartLike,
    ...{ models: ['resnet18', 'vit_b_32'], seeds: [0], sets: [], images: 8, previews: 3, side: 16 },
  };
  const { rounds, methods, models } = study;
  let made: FakeArtifacts;

  beforeAll(async () => {
    made = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'report-heatmaps-')), study);
  });

  const figureOf = async (options: JsonObject, previews: readonly InputArtifact[] = made.previews) => {
    const dir = await mkdtemp(join(tmpdir(), 'report-heatmaps-'));
    const inputs = { scores: made.scores, previews };
    const { context } = await gatheringContext({ kind: report, inputs, options, dir });
    await (
      await report.load()
    )(context);
    const page = await readFile(join(context.output('page'), 'report.html'), 'utf8');
    return parsePage(page).querySelector('#heatmaps')!;
  };
  const count = (figure: PageElement, selector: string): number =>
    [...figure.querySelectorAll(selector)].length;

  it('has each sparsity once, those between the columns for the slider alone', async () => {
    const figure = await figureOf({ heatmap_images: 2, heatmap_columns: 3 });
    const rows = 2 * models.length * methods.length;
    expect(count(figure, 'td .seen img')).toBe(rows * 3);
    const between = [...figure.querySelectorAll('template')].map(({ outerHTML }) => outerHTML).join('');
    expect(between.match(/<img/g)).toHaveLength(rows * (rounds + 1 - 3));
    const stops = [...figure.querySelectorAll('datalist option')].map((stop) => stop.getAttribute('label'));
    expect(stops).toEqual(['dense', '20\u202f%', '36\u202f%', '48.8\u202f%', '59\u202f%']);
    expect(figure.querySelector('input[type=range]')!.getAttribute('max')).toBe(String(rounds));
    const first = figure.querySelector('td .seen img')!;
    expect(first.getAttribute('data-scores')).toMatch(/^RMA\u00a0\d+\.\d\u202f%, RRA\u00a0\d+\.\d\u202f%$/);
    expect(first.getAttribute('data-taken')).toBe('taken for dog');
    // One mask an image, drawn once in the page whatever shows it.
    expect(count(figure, 'symbol')).toBe(2);
    expect(figure.querySelector('svg.mask')!.getAttribute('aria-label')).toContain('img-0000');
    expect(figure.querySelector('figcaption')!.textContent).toContain('whatever their maps look like');
  });

  it('shows the images that the study names', async () => {
    const figure = await figureOf({ heatmap_ids: ['img-0002', 'img-0009'] });
    expect(count(figure, '.image-block')).toBe(1);
    expect(figure.querySelector('.image-block h3')!.textContent).toContain('clock');
    expect(figure.querySelector('figcaption')!.textContent).toMatch(/names the images.*img-0009/);
  });

  it('goes without masks and predicted classes, which older previews lack', async () => {
    const older: InputArtifact[] = [];
    for (const artifact of made.previews) {
      const dir = await mkdtemp(join(tmpdir(), 'report-older-'));
      const file = JSON.parse(await readFile(join(artifact.dir, 'previews.json'), 'utf8')) as PreviewsFile;
      await cp(artifact.dir, dir, { recursive: true });
      const items = file.items.map(({ id, label, target, image, overlay }) => ({
        id,
        label,
        target,
        image,
        overlay,
      }));
      await writeFile(join(dir, 'previews.json'), JSON.stringify({ ...file, items }));
      older.push({ ...artifact, dir });
    }
    const figure = await figureOf({}, older);
    expect(count(figure, 'td .seen img')).toBe(3 * models.length * methods.length * (rounds + 1));
    for (const part of ['svg.mask', '.outline', '#heatmap-outline', 'symbol'])
      expect(figure.querySelector(part)).toBeNull();
    expect(figure.querySelector('td .seen img')!.getAttribute('data-taken')).toBe('');
    expect(figure.querySelector('figcaption')!.textContent).not.toContain('mask');
  });
});

async function pixelsOf(uri: string): Promise<readonly number[]> {
  const bytes = Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64');
  return [...(await sharp(bytes).removeAlpha().raw().toBuffer())];
}
