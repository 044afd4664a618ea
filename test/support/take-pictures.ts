import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';

/**
 * `npm run pictures -- REPORT.html NAME`: what the documentation shows of a report, in `docs/images/`. Few colours keep the files
 * small; the pictures are of a page at 1280 and 390 pixels, light and dark.
 */
const [file, name] = process.argv.slice(2);
if (file === undefined || name === undefined) throw new Error('usage: npm run pictures -- REPORT.html NAME');
const url = pathToFileURL(resolve(file)).href;
const folder = join(import.meta.dirname, '../../docs/images');

const executablePath = execFileSync('which', [process.env['CHROMIUM'] ?? 'chromium'], {
  encoding: 'utf8',
}).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await firstScreen(browser, { width: 1280, height: 900, scheme: 'light', scale: 1 });
  await firstScreen(browser, { width: 1280, height: 900, scheme: 'dark', scale: 1 });
  await firstScreen(browser, { width: 390, height: 844, scheme: 'light', scale: 2 });
  await firstScreen(browser, { width: 390, height: 844, scheme: 'dark', scale: 2 });
  await heatmaps(browser);
  await door(browser);
} finally {
  await browser.close();
}

interface Screen {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  readonly scale: number;
}

async function open(from: Browser, { width, height, scheme, scale }: Screen): Promise<Page> {
  const context = await from.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    deviceScaleFactor: scale,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function firstScreen(from: Browser, screen: Screen): Promise<void> {
  const page = await open(from, screen);
  await save(await page.screenshot(), `${name}-${screen.width}-${screen.scheme}`);
}

/** The slider in the middle of the pool. */
async function heatmaps(from: Browser): Promise<void> {
  const page = await open(from, { width: 1280, height: 900, scheme: 'light', scale: 1 });
  const slider = page.locator('#heatmaps input[type=range]');
  if ((await slider.count()) === 0) return;
  await page.evaluate(`document.querySelector('#heatmaps').scrollIntoView()`);
  await slider.focus();
  for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowRight');
  await save(await page.screenshot(), `${name}-heatmaps`);
}

/** What stands behind a point of the first curve. */
async function door(from: Browser): Promise<void> {
  const page = await open(from, { width: 1280, height: 900, scheme: 'light', scale: 1 });
  const point = page.locator('#localisation [data-door]').nth(4);
  if ((await point.count()) === 0) return;
  await point.scrollIntoViewIfNeeded();
  await point.click({ force: true });
  await page.locator('dialog[open]').waitFor();
  await save(await page.screenshot(), `${name}-door`);
}

async function save(picture: Buffer, as: string): Promise<void> {
  const small = await sharp(picture).png({ palette: true, colours: 128, effort: 10 }).toBuffer();
  await writeFile(join(folder, `${as}.png`), small);
  process.stdout.write(`docs/images/${as}.png ${String(Math.round(small.length / 1000))} kB\n`);
}
