import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePage } from '../../tasks/report/compare/page.ts';
import { studyOf, toldOf } from '../tasks/report/compare/two-studies.ts';
import { quickstartLike, writeFakeStudy } from '../tasks/report/fake-study.ts';
import { a4, cutInPrint, accessibilityProblems, openPage, overflow, startBrowser } from './open-page.ts';

const fake = {
  ...quickstartLike,
  ...{
    rounds: 4,
    images: 32,
    previews: 0,
    side: 4,
    methods: ['grad-cam'],
    sets: quickstartLike.sets.slice(0, 3),
  },
};
const sparsities = fake.rounds + 1;
/** RMA and RRA, CorLoc and IoU, three sets and the shape bias of one, likeness to people on two, accuracy. */
const scores = 2 + 2 + 4 + 2 + 1;

let browser: Browser;
let dir: string;
let url: string;

beforeAll(async () => {
  browser = await startBrowser();
  dir = await mkdtemp(join(tmpdir(), 'diff-browser-'));
  const before = await writeFakeStudy(join(dir, 'before'), fake);
  // Another model: everything differs.
  const after = await writeFakeStudy(join(dir, 'after'), { ...fake, models: ['vit_b_32'] });
  const file = join(dir, 'diff.html');
  const studies = { before: await studyOf(before.scores), after: await studyOf(after.scores) };
  await writeFile(file, comparePage(toldOf(studies)));
  url = pathToFileURL(file).href;
});

afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true });
});

describe('the page of two runs in a browser', () => {
  it('opens from disk, asks nobody for anything, and complains of nothing', async () => {
    await using opened = await openPage(browser, url);
    await opened.page.waitForLoadState('networkidle');
    expect(opened.outside).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  it('has a mark for each run, each difference, and each score as a whole', async () => {
    await using opened = await openPage(browser, url);
    const marks = (selector: string): Promise<number> =>
      opened.page.locator(`${selector} svg.chart title`).count();
    expect(await marks('[id^=compare-]')).toBe(3 * scores * sparsities);
    // All but the likeness to people, which is no share.
    expect(await marks('#glance')).toBe(scores - 2);
    expect(await opened.page.locator('.text-diff del').innerText()).toBe('8');
  });

  it('gives its numbers away', async () => {
    await using opened = await openPage(browser, url, { acceptDownloads: true });
    const coming = opened.page.waitForEvent('download');
    await opened.page.getByRole('button', { name: 'Object discovery as CSV' }).click();
    const lines = (await readFile(await (await coming).path(), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 2 * sparsities);
    expect(lines[0]).toBe('model,Score,Sparsity,First,Second,Difference,Low,High,p,Images,Seeds,Verdict');
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
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
