import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import { figures } from '../../../tasks/figures/index.ts';
import { gatheringContext } from '../report/context.ts';
import { quickstartLike, writeFakeStudy } from '../report/fake-study.ts';
import type { FakeArtifacts } from '../report/fake-study.ts';

const set = (name: string): boolean => ['silhouette', 'contrast'].includes(name);

describe('figures', () => {
  let study: FakeArtifacts;
  let dir: string;
  beforeAll(async () => {
    study = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'figures-in-')), {
      ...quickstartLike,
      models: ['resnet20', 'vit_mini_4'],
      rounds: 2,
      images: 12,
      previews: 1,
      side: 16,
      methods: ['integrated-gradients', 'grad-cam'],
      sets: quickstartLike.sets.filter((one) => set(one.set)),
    });
    dir = await write({ dpi: 100 });
  });

  async function write(options: JsonObject): Promise<string> {
    const out = await mkdtemp(join(tmpdir(), 'figures-'));
    const inputs = { scores: study.scores, previews: study.previews };
    const { context } = await gatheringContext({ kind: figures, inputs, options, dir: out });
    await (
      await figures.load()
    )(context);
    return context.output('figures');
  }

  const text = (name: string): Promise<string> => readFile(join(dir, name), 'utf8');

  it('writes each figure as SVG, PDF and PNG, and the data behind it as CSV and Parquet', async () => {
    const names = await readdir(dir);
    for (const name of [
      'localisation',
      'discovery',
      'sets',
      'conditions',
      'people',
      'sweet-spots',
      'heatmaps-resnet20',
      'heatmaps-vit_mini_4',
    ])
      for (const kind of ['svg', 'pdf', 'png', 'csv', 'parquet']) expect(names).toContain(`${name}.${kind}`);
    for (const name of ['captions.md', 'scores.csv', 'scores.parquet', 'glance.svg'])
      expect(names).toContain(name);
    expect(await text('captions.md')).toMatch(/\*\*localisation\.\*\* Localisation against sparsity/);
  });

  it('draws at the width of a page or of a column, with words inside and nothing left to a style sheet', async () => {
    const svg = await text('localisation.svg');
    expect(Number(/width="([\d.]+)mm"/.exec(svg)?.[1])).toBeCloseTo(178, -1);
    for (const words of [
      '(a) Integrated Gradients',
      '(b) Grad-CAM',
      '>RMA<',
      '>Accuracy<',
      '>Sparsity<',
      '>ResNet-20<',
      '>ViT-mini/4<',
    ])
      expect(svg).toContain(words);
    expect(svg).not.toMatch(/var\(|data-|<title|class="page/);
    const narrow = await readFile(
      join(
        await write({ dpi: 72, width: 'column', font: 'serif', figures: ['localisation'] }),
        'localisation.svg',
      ),
      'utf8',
    );
    expect(Number(/width="([\d.]+)mm"/.exec(narrow)?.[1])).toBeLessThan(86);
    expect(narrow).toContain('font-family="Times');
  });

  it('breaks what is taller than a page between panels, each part with the legend and the titles of its axes', async () => {
    const out = await write({ dpi: 72, width: 'column', font_size: 12, figures: ['conditions'] });
    const parts = (await readdir(out)).filter((name) => /^glance.*\.svg$/.test(name)).sort();
    expect(parts).toEqual(['glance-2.svg', 'glance.svg']);
    const drawn = await Promise.all(parts.map((name) => readFile(join(out, name), 'utf8')));
    for (const svg of drawn) {
      expect(Number(/height="([\d.]+)mm"/.exec(svg)?.[1])).toBeLessThan(245);
      expect(svg).toContain('>dense model<');
      expect(svg).toContain('>Sparsity<');
    }
    // Nothing is lost, nothing is there twice.
    for (const title of ['(a) ResNet-20', '(b) ViT-mini/4'])
      expect(drawn.filter((svg) => svg.includes(title))).toHaveLength(1);
    // Every part says of which model its panels are.
    const conditions = (await readdir(out)).filter((name) => /^conditions.*\.svg$/.test(name));
    for (const name of conditions)
      expect(await readFile(join(out, name), 'utf8')).toMatch(/>ResNet-20<|>ViT-mini\/4</);
    expect(drawn.join('')).toMatch(/>Localisation: sweet spots in \d of \d scores</);
    expect(await readFile(join(out, 'captions.md'), 'utf8')).toContain('**glance-2.** Continued. ');
  });

  it('has as many dots as its resolution asks for, and letters that need no font', async () => {
    const { width, density } = await sharp(join(dir, 'discovery.png')).metadata();
    const mm = Number(/width="([\d.]+)mm"/.exec(await text('discovery.svg'))?.[1]);
    expect(width).toBe(Math.round((mm / 25.4) * 100));
    expect(density).toBe(100);
    const outlines = await write({ dpi: 72, text: 'outlines', figures: ['discovery'] });
    const outlined = await readFile(join(outlines, 'discovery.svg'), 'utf8');
    expect(outlined).not.toContain('<text');
    expect(outlined.length).toBeGreaterThan((await text('discovery.svg')).length);
  });

  it('holds the same rows in CSV and Parquet, at full precision, means and seeds apart', async () => {
    const rows = await parquet('localisation.parquet');
    const [head, ...lines] = (await text('localisation.csv')).trimEnd().split('\n');
    expect(head).toBe(Object.keys(rows[0]!).join(','));
    expect(lines).toHaveLength(rows.length);
    const rma = rows.filter(
      (row) => row['metric'] === 'rma' && row['method'] === 'grad-cam' && row['model'] === 'resnet20',
    );
    // Three sparsities: a mean over two seeds, and the seeds.
    expect(rma.map((row) => row['seed'])).toEqual([null, '0', '1', null, '0', '1', null, '0', '1']);
    const [mean, first, second] = rma as [Row, Row, Row];
    expect(mean['value']).toBe((Number(first['value']) + Number(second['value'])) / 2);
    expect(Number(mean['low'])).toBeLessThan(Number(mean['value']));
    const sparse = rma[3]!;
    expect(sparse['dense']).toBe(mean['value']);
    // Null for an image without a value is in neither mean: gain and difference agree to rounding.
    expect(sparse['gain']).toBeCloseTo(Number(sparse['value']) - Number(mean['value']), 12);
    expect(rma[4]!['gain']).toBe(Number(rma[4]!['value']) - Number(first['value']));
    expect(String(sparse['verdict'])).toMatch(/sweet-spot|within-|not-better/);
    expect(mean['verdict']).toBeNull();
  });

  it('tells conditions apart, and what people reach', async () => {
    const conditions = await parquet('conditions.parquet');
    const one = conditions.filter(
      (row) => row['condition'] === 'c50' && row['sparsity'] === 0 && row['model'] === 'resnet20',
    );
    expect(one.map((row) => row['seed'])).toEqual([null, '0', '1']);
    const [mean, a, b] = one as [Row, Row, Row];
    expect(Number(mean['value'])).toBeCloseTo((Number(a['value']) + Number(b['value'])) / 2, 12);
    expect((await parquet('people.parquet')).every((row) => row['people'] === 0.42)).toBe(true);
  });

  it('gives the same bytes again', async () => {
    const again = await write({ dpi: 100, figures: ['heatmaps', 'sets'] });
    for (const name of (await readdir(again)).filter((one) => one !== 'captions.md'))
      expect((await readFile(join(again, name))).equals(await readFile(join(dir, name))), name).toBe(true);
  });

  type Row = Record<string, unknown>;
  async function parquet(name: string): Promise<readonly Row[]> {
    const bytes = await readFile(join(dir, name));
    return parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
  }
});
