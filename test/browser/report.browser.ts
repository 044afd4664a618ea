import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { report } from '../../tasks/report/index.ts';
import { gatheringContext } from '../tasks/report/context.ts';
import { quickstartLike, writeFakeStudy } from '../tasks/report/fake-study.ts';
import { a4, cutInPrint, accessibilityProblems, openPage, overflow, startBrowser } from './open-page.ts';

const study = { ...quickstartLike, models: ['resnet18', 'vit_b_32'], rounds: 5, images: 32 };
const sparsities = study.rounds + 1;

let browser: Browser;
let dir: string;
let url: string;

beforeAll(async () => {
  browser = await startBrowser();
  dir = await mkdtemp(join(tmpdir(), 'report-browser-'));
  const { scores, previews, models } = await writeFakeStudy(join(dir, 'in'), study);
  const inputs = { scores, previews, models };
  const { context } = await gatheringContext({ kind: report, inputs, options: {}, dir });
  await (
    await report.load()
  )(context);
  url = pathToFileURL(join(context.output('page'), 'report.html')).href;
});

afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true });
});

describe('the report in a browser', () => {
  it('opens from disk, asks nobody for anything, and complains of nothing', async () => {
    await using opened = await openPage(browser, url);
    await opened.page.waitForLoadState('networkidle');
    expect(opened.outside).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  it('draws every figure with a mark for each model, score and sparsity', async () => {
    await using opened = await openPage(browser, url);
    const marks = (section: string): Promise<number> =>
      opened.page.locator(`#${section} svg.chart title`).count();
    const lines = study.models.length;
    // A panel a method: RMA, RRA, and the accuracy above.
    expect(await marks('localisation')).toBe(study.methods.length * 3 * lines * sparsities);
    // CorLoc and mean IoU.
    expect(await marks('discovery')).toBe(2 * lines * sparsities);
    // Each set, and their mean.
    expect(await marks('sets')).toBe((study.sets.length + 1) * lines * sparsities);
    // What is judged, and its mean by question, at each sparsity; a ring for each sweet spot.
    const spots = await opened.page.locator('#sweet-spots td.sweet').count();
    expect(await marks('glance')).toBe(5 * lines * sparsities + spots);
    // All but the points of accuracy where a ring stands: a question of one score, whose mean is that score.
    const ofAccuracy = opened.page.locator('#sweet-spots .gains tbody:last-of-type tr:last-child td.sweet');
    expect(await opened.page.locator('#glance svg [data-door]').count()).toBe(
      spots + 5 * lines * sparsities - (await ofAccuracy.count()),
    );
    const strengths = study.sets.reduce((sum, { conditions }) => sum + conditions.length, 0);
    const drawn = opened.page.locator('#conditions figure svg.chart title');
    // Five sparsities of six.
    expect(await drawn.count()).toBe(5 * lines * strengths);
    expect(await marks('shape-bias')).toBe(2 * lines * sparsities);
    // Two sets were compared with people.
    expect(await marks('people')).toBe(2 * lines * sparsities);
    expect(await opened.page.locator('#sets svg.chart [stroke-dasharray="6 3"]').count()).toBe(2);
    const pictures = await opened.page
      .locator('#heatmaps .image-block')
      .first()
      .locator('td:not(.input) img')
      .count();
    expect(pictures).toBe(lines * study.methods.length * sparsities);
  });

  it('cuts no label of the intervals on a phone, and grows with the letters of its reader', async () => {
    await using opened = await openPage(browser, url, { viewport: { width: 390, height: 844 } });
    const cut = await opened.page.evaluate<number>(`(() => {
      const box = document.querySelector('#sweet-spots .panel .scroll');
      const left = box.getBoundingClientRect().left - 1;
      return [...box.querySelectorAll('text')].filter((one) => one.getBoundingClientRect().left < left).length;
    })()`);
    expect(cut).toBe(0);
    const sizes = (): Promise<readonly number[]> =>
      opened.page.evaluate<readonly number[]>(
        `[...document.querySelectorAll('h2, .lead')].map((one) => parseFloat(getComputedStyle(one).fontSize))`,
      );
    const before = await sizes();
    await opened.page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    expect(await sizes()).toEqual(before.map((size) => 2 * size));
  });

  it('answers on the first screen', async () => {
    await using opened = await openPage(browser, url);
    const picture = await opened.page.locator('#glance .picture .legend').boundingBox();
    expect(picture!.y + picture!.height).toBeLessThanOrEqual(900);
  });

  it('shows another image by keyboard alone', async () => {
    await using opened = await openPage(browser, url);
    const { page } = opened;
    const second = page.getByRole('button', { name: 'Image 2' });
    await page.getByRole('button', { name: 'Image 1' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await second.getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('.image-block:visible').count()).toBe(1);
    expect(await page.locator('.image-block:visible').getAttribute('data-image')).toBe('1');
  });

  it('gives a figure away as SVG, PNG and CSV, on white paper from a dark page too', async () => {
    await using opened = await openPage(browser, url, { colorScheme: 'dark', acceptDownloads: true });
    const { page } = opened;
    const taken = async (name: string): Promise<Buffer> => {
      const coming = page.waitForEvent('download');
      await page.getByRole('button', { name: `Localisation as ${name}` }).click();
      const download = await coming;
      expect(download.suggestedFilename()).toBe(`localisation.${name.toLowerCase()}`);
      return readFile(await download.path());
    };
    const svg = (await taken('SVG')).toString('utf8');
    expect(svg).not.toContain('var(');
    expect(svg).toContain('fill="#fff"');
    expect(svg).toContain('>Integrated Gradients</text>');
    const charts = study.methods.length * 3;
    expect(svg.match(/class="chart"/g)).toHaveLength(charts);
    expect(svg.match(/<title>/g)).toHaveLength(charts * study.models.length * sparsities);
    await using drawn = await openPage(
      browser,
      `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    );
    expect(drawn.complaints).toEqual([]);

    const png = await taken('PNG');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // Three pixels to one of the page.
    expect(png.readUInt32BE(16)).toBeGreaterThan(3 * 1000);

    const lines = (await taken('CSV')).toString('utf8').trimEnd().split('\n');
    // Accuracy, and two metrics of each method: a mean, and the seeds.
    const rows = study.models.length * sparsities * (1 + 2 * study.methods.length) * (1 + study.seeds.length);
    expect(lines).toHaveLength(1 + rows);
    expect(lines[0]).toMatch(/^model,variant,measure,metric,.*,sparsity,seed,.*,value,low,high,dense,gain,/);
    expect(lines[1]).toMatch(/^resnet18,,accuracy,accuracy,fraction,,,,0,,/);
    expect(opened.complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('breaks no serious rule of accessibility, %s', async (colorScheme) => {
    await using opened = await openPage(browser, url, { colorScheme });
    expect(await accessibilityProblems(opened.page)).toEqual([]);
  });

  it.each([1280, 390, 320])('fits a window of %i pixels', async (width) => {
    await using opened = await openPage(browser, url, { viewport: { width, height: 800 } });
    expect(await overflow(opened.page)).toBe(0);
  });

  it('prints on A4 without anything beyond the margin', async () => {
    await using opened = await openPage(browser, url, a4);
    const { page } = opened;
    expect(await cutInPrint(page)).toEqual([]);
    const pdf = await page.pdf({
      format: 'A4',
      margin: { left: '1cm', right: '1cm', top: '1cm', bottom: '1cm' },
    });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });
});
