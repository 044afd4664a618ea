import { realpath, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSweetspot, temporaryFolder } from '../support/command.ts';
import { processesIn } from '../faults/processes.ts';
import { writeSlowStudy } from '../end-to-end/slow-study.ts';
import { accessibilityProblems, openPage, overflow, startBrowser } from './open-page.ts';

/** In the page: each frame has come, and none of them says that its study is not finished. */
const everyReportIsFinished = `[...document.querySelectorAll('#report iframe')].every((one) =>
  one.contentDocument?.querySelector('h1') && !one.contentDocument.querySelector('.so-far'))`;

/** The journal, and what is read from it, come a moment after what happens; on a busy machine a long one. */
const patient = { timeout: 100_000 };

let browser: Browser;
beforeAll(async () => void (browser = await startBrowser()));
afterAll(() => browser.close());

describe('the page of a run in a browser', () => {
  it('fills in while the run goes on, and shows its end', async () => {
    await using folder = await temporaryFolder();
    const { go } = await writeSlowStudy(folder.path);
    const run = startSweetspot(['run', 'slow.yaml', '--json'], { cwd: folder.path });
    await run.line((line) => line.includes('"task-done"'));
    const ui = startSweetspot(['ui'], { cwd: folder.path });
    const url = await ui.line((line) => line.startsWith('http://127.0.0.1:'));
    await using opened = await openPage(browser, url);
    const { page } = opened;
    await page.getByText('score@at=1').first().waitFor();
    expect(await page.locator('#state').textContent()).toBe('running');
    await expect.poll(() => page.title(), patient).toBe('1/3 slow');
    const report = page.locator('#report iframe').last().contentFrame();
    await report.getByText('This study is not finished.').waitFor();
    await page.getByRole('button', { name: 'log of score@at=1' }).click();
    await page.getByRole('dialog').getByText('waiting for the file').waitFor();
    await page.keyboard.press('Escape');
    expect(await accessibilityProblems(page)).toEqual([]);

    await writeFile(go, '');
    await page.locator('#state.done').waitFor();
    // Not `waitForFunction`: it evaluates text within the page, which the page's policy forbids.
    await expect.poll(() => page.evaluate(everyReportIsFinished), patient).toBe(true);
    expect(await page.title()).toBe('3/3 slow');
    expect([opened.complaints, opened.outside]).toEqual([[], []]);
    expect((await run.finished).code).toBe(0);
    ui.child.kill('SIGINT');
    expect((await ui.finished).code).toBe(0);
    await page.locator('#lost').waitFor();
  });

  it('outlives the driver, and says that it died', async () => {
    await using folder = await temporaryFolder();
    const { go } = await writeSlowStudy(folder.path);
    const run = startSweetspot(['run', 'slow.yaml', '--json'], { cwd: folder.path });
    await run.line((line) => line.includes('"task-done"'));
    const ui = startSweetspot(['ui'], { cwd: folder.path });
    await using opened = await openPage(browser, await ui.line((line) => line.startsWith('http://')), {
      viewport: { width: 320, height: 700 },
      colorScheme: 'dark',
    });
    await opened.page.locator('#state.running').waitFor();
    run.child.kill('SIGKILL');
    await opened.page.locator('#state.killed').waitFor();
    expect(await overflow(opened.page)).toBe(0);
    await writeFile(go, '');
    ui.child.kill('SIGINT');
    expect((await ui.finished).code).toBe(0);
    expect(opened.complaints.filter((each) => !each.includes('ERR_'))).toEqual([]);
    // Its worker ends by itself, once the program has seen the file: not after the folder has gone.
    const dir = await realpath(folder.path);
    while (processesIn(dir).length > 0) await delay(20);
  });
});
