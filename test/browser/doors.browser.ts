import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudyRecord } from '../../engine/contract/study-record.ts';
import { report } from '../../tasks/report/index.ts';
import { page as pageType } from '../../tasks/types/page.ts';
import { gatheringContext } from '../tasks/report/context.ts';
import { fakeRecord } from '../tasks/report/fake-record.ts';
import { quickstartLike, writeFakeStudy } from '../tasks/report/fake-study.ts';
import { accessibilityProblems, openPage, overflow, startBrowser } from './open-page.ts';

const study = {
  ...quickstartLike,
  ...{ rounds: 3, images: 24, previews: 1, side: 24 },
  methods: ['grad-cam', 'saliency'],
  sets: quickstartLike.sets.filter(({ set }) => ['contrast', 'silhouette'].includes(set)),
};

let browser: Browser;
let dir: string;
let plain: string;
let dressed: string;
let record: StudyRecord;

beforeAll(async () => {
  browser = await startBrowser();
  dir = await mkdtemp(join(tmpdir(), 'doors-browser-'));
  const { scores, previews } = await writeFakeStudy(join(dir, 'in'), study);
  record = withHostileLogs(fakeRecord(scores));
  const make = async (name: string): Promise<string> => {
    const inputs = { scores, previews };
    const { context } = await gatheringContext({ kind: report, inputs, options: {}, dir: join(dir, name) });
    await (
      await report.load()
    )(context);
    return context.output('page');
  };
  plain = pathToFileURL(join(await make('plain'), 'report.html')).href;
  const copy = await make('dressed');
  await pageType.dress!(copy, record);
  dressed = pathToFileURL(join(copy, 'report.html')).href;
});

afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true });
});

const hostile = `</script></pre><b id="out">'"&amp;`;

const imported = { kind: 'archive', archive: 'paper.tar', run: 'r1', member: 'ada' } as const;

function withHostileLogs(made: StudyRecord): StudyRecord {
  return {
    ...made,
    tasks: made.tasks.map((task) => ({
      ...task,
      ...(task.result === undefined
        ? {}
        : {
            result: {
              ...task.result,
              ...(task.coordinates['seed'] === 0 ? { madeBy: imported } : {}),
              log: `${hostile}\n${task.address}`,
            },
          }),
    })),
  };
}

/** Points of the RMA of saliency, by rising sparsity. */
function points(page: Page): Locator {
  return page.getByRole('group', { name: /^RMA against sparsity, Saliency$/i }).locator('[data-door]');
}

function scored(seed: number, pool: number): StudyRecord['tasks'][number] {
  const address = `localise@seed=${seed},method=saliency,pool=${pool}`;
  return record.tasks.find((task) => task.address === address)!;
}

describe('the doors of a page in a browser', () => {
  it('open with a click: address, key, checkpoint, command and log of each seed behind the point', async () => {
    await using opened = await openPage(browser, dressed);
    const { page } = opened;
    await points(page).nth(2).click();
    const door = page.getByRole('dialog');
    await door.waitFor();
    expect(await door.getByRole('heading').first().textContent()).toBe('ResNet-20 at 36\u202f% sparsity');
    const parts = door.locator('details');
    expect(await parts.count()).toBe(study.seeds.length);
    for (const seed of study.seeds) {
      const text = (await parts.nth(seed).textContent()) ?? '';
      const { address, result, command } = scored(seed, 2);
      const checkpoint = record.tasks.find((task) => task.address === `lrr/retrain@seed=${seed},step=2`)!;
      for (const told of [address, result!.key, result!.outputs['scores']!, command, result!.deviceClass])
        expect(text).toContain(told);
      expect(text).toContain(checkpoint.result!.outputs['model']!);
      expect(text).not.toContain(scored(1 - seed, 2).result!.key);
      expect(text).toContain(hostile);
      expect(text.includes('by ada, in run r1, and came from archive paper.tar')).toBe(seed === 0);
      const chain = await parts.nth(seed).locator('.chain li a').allTextContents();
      expect(chain).toEqual([checkpoint.address, address.replace('localise', 'heatmaps'), address]);
    }
    expect(await page.locator('#out').count()).toBe(0);
    expect([opened.complaints, opened.outside]).toEqual([[], []]);
  });

  it('open a mean to its scores, each with its runs: address, key and command', async () => {
    await using opened = await openPage(browser, dressed);
    const { page } = opened;
    await page
      .locator('#glance svg.chart [data-door]')
      .filter({ hasText: 'Localisation, mean of' })
      .nth(2)
      // A ring of one of its scores may lie over it.
      .dispatchEvent('click');
    const door = page.getByRole('dialog');
    await door.waitFor();
    const members = door.locator('details.member');
    expect(await members.count()).toBe(2 * study.methods.length);
    const member = members.filter({ hasText: 'RRA, Saliency' });
    await member.locator('summary').first().click();
    // Of each seed the sparse model and the dense one that the gain is over.
    await member.locator('details').nth(3).waitFor();
    expect(await member.locator('details').count()).toBe(2 * study.seeds.length);
    const text = (await member.textContent()) ?? '';
    for (const seed of study.seeds)
      for (const pool of [2, 0]) {
        const { address, result, command } = scored(seed, pool);
        for (const told of [address, result!.key, command]) expect(text).toContain(told);
      }
    expect(page.url()).toMatch(/#door=mean-4~/);
    await using again = await openPage(browser, page.url());
    await again.page.getByRole('dialog').locator('details.member').nth(3).waitFor();
    expect([opened.complaints, again.complaints]).toEqual([[], []]);
  });

  it('open, lead on and close by keyboard alone, with one stop of the tab key a chart', async () => {
    await using opened = await openPage(browser, dressed);
    const { page } = opened;
    expect(await points(page).and(page.locator('[tabindex="0"]')).count()).toBe(1);
    await points(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.tip').textContent()).toContain('20\u202f% sparsity');
    await page.keyboard.press('Enter');
    const door = page.getByRole('dialog');
    await door.getByText(scored(0, 1).result!.key).waitFor();
    await door
      .getByRole('link', { name: /^heatmaps@/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await door.getByRole('heading', { name: /^heatmaps@seed=0,method=saliency,pool=1$/ }).waitFor();
    await page.keyboard.press('Escape');
    await door.waitFor({ state: 'hidden' });
    const focused = await page.evaluate<string>(`document.activeElement.getAttribute('aria-label')`);
    expect(focused).toContain('20\u202f% sparsity');
    expect(page.url()).not.toContain('#door');
  });

  it('open at cells of tables and of conditions', async () => {
    await using opened = await openPage(browser, dressed);
    const { page } = opened;
    await page.locator('#sweet-spots td button[data-door]').first().click();
    const door = page.getByRole('dialog');
    await door.waitFor();
    expect(await door.getByRole('heading').first().textContent()).toMatch(/at 20\u202f% sparsity$/);
    await page.keyboard.press('Escape');
    // The maps are folded away below the curves.
    await page.locator('#conditions details summary').first().click();
    await page.locator('#conditions details svg.chart [data-door]').last().click();
    await door
      .getByText(/^human@seed=0,set=.*pool=3$/)
      .first()
      .waitFor();
  });

  it('can be cited: the fragment of the address opens the same door anew', async () => {
    await using first = await openPage(browser, dressed);
    await points(first.page).nth(3).click();
    await first.page.getByRole('dialog').waitFor();
    const cited = first.page.url();
    expect(cited).toMatch(/#door=rma~[0-9a-f]{8}\.[0-9a-f]{8}$/);
    await using second = await openPage(browser, cited);
    await second.page.getByRole('dialog').getByText(scored(1, 3).address).first().waitFor();
    // A copy that was not told opens at the same place, and says what it knows.
    await using third = await openPage(browser, plain + new URL(cited).hash);
    const door = third.page.getByRole('dialog');
    await door.getByText(scored(0, 3).result!.outputs['scores']!).waitFor();
    expect(await door.textContent()).toContain('was not told');
    expect(await third.page.locator('#provenance').count()).toBe(0);
    await using none = await openPage(browser, `${dressed}#door=rma~00000000`);
    expect(await none.page.getByRole('dialog').count()).toBe(0);
    expect(none.complaints).toEqual([]);
  });

  it('ask the figure of heatmaps for the model, method and sparsity of the point', async () => {
    await using opened = await openPage(browser, dressed);
    const { page } = opened;
    await page.evaluate(
      `document.addEventListener('sweetspot:show-heatmap', ({ detail }) => { window.asked = detail; })`,
    );
    await points(page).nth(1).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Show its heatmaps' }).first().click();
    const asked = await page.evaluate<object>('window.asked');
    expect(asked).toEqual({ line: 0, method: 'saliency', sparsity: expect.closeTo(0.2, 9) as number });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('unfold from the graph of tasks, and are found among many', async () => {
    await using opened = await openPage(browser, dressed);
    const { page } = opened;
    const node = page.getByRole('button', { name: /^localise 16 / });
    await node.focus();
    await page.keyboard.press('Enter');
    const instances = page.locator('.instances li');
    const all = study.seeds.length * study.methods.length * (study.rounds + 1);
    await instances.nth(all - 1).waitFor();
    expect(await node.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('searchbox').fill('seed=1 saliency pool=2');
    expect(await instances.count()).toBe(1);
    await instances.getByRole('link').click();
    await page.getByRole('dialog').getByText(scored(1, 2).result!.key).waitFor();
    await page.keyboard.press('Escape');
    await node.click();
    await page.locator('.instances').waitFor({ state: 'hidden' });
  });

  it.each(['light', 'dark'] as const)(
    'break no serious rule of accessibility and fit a phone, %s',
    async (colorScheme) => {
      await using opened = await openPage(browser, dressed, {
        colorScheme,
        viewport: { width: 390, height: 800 },
      });
      const { page } = opened;
      // The drawing would show a corner of itself.
      expect(await page.locator('svg.tasks').isVisible()).toBe(false);
      const listed = page.getByRole('list', { name: /^Tasks of the study/ }).getByRole('button');
      expect(await listed.count()).toBe(new Set(record.tasks.map(({ name }) => name)).size);
      await listed.first().focus();
      await page.keyboard.press('Enter');
      await page.locator('.instances li').first().waitFor();
      // What stands behind an open dialog is out of reach, and not looked at.
      if (colorScheme === 'light') expect(await accessibilityProblems(page)).toEqual([]);
      await points(page).nth(1).click();
      await page.getByRole('dialog').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      const beyond = `(() => { const door = document.querySelector('dialog'); return door.scrollWidth - door.clientWidth; })()`;
      expect(await page.evaluate<number>(beyond)).toBe(0);
    },
  );
});
