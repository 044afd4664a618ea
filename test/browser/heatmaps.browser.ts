import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { report } from '../../tasks/report/index.ts';
import { gatheringContext } from '../tasks/report/context.ts';
import { quickstartLike, writeFakeStudy } from '../tasks/report/fake-study.ts';
import { accessibilityProblems, openPage, overflow, startBrowser } from './open-page.ts';

/** Six sparsities, of which the grid shows three. */
const study = {
  ...quickstartLike,
  ...{ models: ['resnet18', 'vit_b_32'], seeds: [0], rounds: 5, images: 16, sets: [], side: 32 },
};
const columns = 3;
const maps = study.models.length * study.methods.length;

let browser: Browser;
let dir: string;
let url: string;

beforeAll(async () => {
  browser = await startBrowser();
  dir = await mkdtemp(join(tmpdir(), 'heatmaps-browser-'));
  const { scores, previews } = await writeFakeStudy(join(dir, 'in'), study);
  const options = { heatmap_columns: columns };
  const { context } = await gatheringContext({ kind: report, inputs: { scores, previews }, options, dir });
  await (
    await report.load()
  )(context);
  url = pathToFileURL(join(context.output('page'), 'report.html')).href;
});

afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true });
});

/** What the large pictures show: one a model and method, of the image that is open. */
async function seen(page: Page): Promise<readonly { readonly src: string; readonly alt: string }[]> {
  return page.evaluate(
    `[...document.querySelectorAll('.image-block:not(.folded) .tile[data-method] img')].map(({ src, alt }) => ({ src, alt }))`,
  );
}

const slider = (page: Page) => page.getByRole('slider', { name: 'Sparsity' });

describe('the heatmaps in a browser', () => {
  it('change for all models and methods, with the label, by keyboard', async () => {
    await using opened = await openPage(browser, url);
    const { page } = opened;
    const dense = await seen(page);
    expect(dense).toHaveLength(maps);
    expect(await page.locator('.slide output').textContent()).toBe('dense');
    await slider(page).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.slide output').textContent()).toBe('20\u202f%');
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('20\u202f%');
    const sparse = await seen(page);
    expect(sparse.every(({ src }, i) => src.startsWith('data:image/') && src !== dense[i]!.src)).toBe(true);
    expect(sparse.every(({ alt }) => alt.includes('at 20\u202f% sparsity'))).toBe(true);
    expect(new Set([...dense, ...sparse].map(({ alt }) => alt)).size).toBe(2 * maps);
    const told = page.locator('.image-block:not(.folded) .tile[data-method]').first();
    expect(await told.textContent()).toMatch(/RMA\u00a0\d+\.\d\u202f%, RRA\u00a0\d+\.\d\u202f%taken for dog/);
    // The other image comes at the same sparsity.
    await page.getByRole('button', { name: 'Image 2' }).click();
    const other = await seen(page);
    expect(other).toHaveLength(maps);
    expect(other.every(({ alt, src }, i) => alt.includes('20\u202f%') && src !== sparse[i]!.src)).toBe(true);
    await slider(page).focus();
    await page.keyboard.press('End');
    expect(await page.locator('.slide output').textContent()).toBe('67.2\u202f%');
    expect(await page.locator('th.at').allTextContents()).toContain('67.2\u202f%');
    expect(opened.complaints).toEqual([]);
  });

  it('hold each picture once in the file', async () => {
    const source = await readFile(new URL(url), 'utf8');
    const uris = source.match(/data:image\/[a-z]+;base64,[\w+/=]+/g) ?? [];
    const pictures = study.previews * maps * (study.rounds + 1);
    // Beside the maps, each model's input.
    expect(uris).toHaveLength(pictures + study.previews * study.models.length);
  });

  it('show the outline of the object over every map when asked, by keyboard, without script too', async () => {
    for (const javaScriptEnabled of [true, false]) {
      await using opened = await openPage(browser, url, { javaScriptEnabled });
      const outlines = opened.page.locator('.heatmap-table .outline:visible');
      const shown = javaScriptEnabled ? 1 : study.previews;
      expect(await outlines.count()).toBe(0);
      await opened.page.getByLabel("show the object's outline").focus();
      await opened.page.keyboard.press('Space');
      expect(await outlines.count()).toBe(shown * maps * columns);
      // Both at one instant: the page may still be scrolling to what was given the focus.
      const [outline, map] = await opened.page.evaluate<{ width: number }[]>(
        `['.outline', 'img'].map((part) =>
          document.querySelector('.heatmap-table .seen ' + part).getBoundingClientRect().toJSON())`,
      );
      expect(map!.width).toBeGreaterThan(0);
      expect(outline).toEqual(map);
    }
  });

  it('come to a sparsity, model and method by an event and by an address', async () => {
    const pointed = (page: Page) => page.locator('.image-block:not(.folded) .tile.pointed');
    {
      await using opened = await openPage(browser, url);
      const { page } = opened;
      await page.evaluate(
        `document.dispatchEvent(new CustomEvent('sweetspot:show-heatmap', { detail: { line: 1, method: 'grad-cam', sparsity: 0.488 } }))`,
      );
      expect(await page.locator('.slide output').textContent()).toBe('48.8\u202f%');
      expect(await pointed(page).count()).toBe(1);
      expect(await pointed(page).locator('img').getAttribute('alt')).toMatch(
        /Grad.CAM of ViT-B\/32 at 48\.8/,
      );
      expect(await page.evaluate(`document.activeElement.id`)).toBe('heatmap-sparsity');
    }
    await using opened = await openPage(browser, url);
    const { page } = opened;
    await page.evaluate(`location.hash = '#heatmaps?line=0&method=guided-grad-cam&sparsity=0.36'`);
    await page.reload();
    expect(await page.locator('.slide output').textContent()).toBe('36\u202f%');
    expect(await pointed(page).locator('img').getAttribute('alt')).toContain('ResNet-18');
    await page.evaluate(`location.hash = '#heatmaps?line=0&method=grad-cam&sparsity=0.2'`);
    await expect.poll(() => page.locator('.slide output').textContent()).toBe('20\u202f%');
    expect(opened.complaints).toEqual([]);
  });

  it('print the grid of every image, without what needs a hand', async () => {
    await using opened = await openPage(browser, url, { viewport: { width: 718, height: 1047 } });
    const { page } = opened;
    await page.emulateMedia({ media: 'print' });
    const pictures = page.locator('.heatmap-table .seen img:visible');
    expect(await pictures.count()).toBe(study.previews * maps * columns);
    expect(await page.locator('.heatmap-table .mask:visible').count()).toBe(
      study.previews * study.models.length,
    );
    for (const part of ['.slide', '.explorer', '.outline-choice'])
      expect(await page.locator(`${part}:visible`).count()).toBe(0);
    expect(await page.locator('.heat-scale:visible').count()).toBe(1);
    expect(await overflow(page)).toBe(0);
  });

  it.each(['light', 'dark'] as const)('break no serious rule of accessibility, %s', async (colorScheme) => {
    await using opened = await openPage(browser, url, { colorScheme });
    await opened.page.getByLabel("show the object's outline").check();
    expect(await accessibilityProblems(opened.page)).toEqual([]);
  });

  it.each([390, 320])('fit a window of %i pixels', async (width) => {
    await using opened = await openPage(browser, url, { viewport: { width, height: 800 } });
    expect(await overflow(opened.page)).toBe(0);
  });
});
