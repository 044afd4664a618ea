import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const executablePath = execFileSync('which', [process.env['CHROMIUM'] ?? 'chromium'], {
  encoding: 'utf8',
}).trim();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Also of a machine that has much else to do. */
const patienceMs = 100_000;

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: patienceMs });
}

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: readonly string[];
  /** Requests for anything but the page's own address and what it holds itself. */
  readonly outside: readonly string[];
}

/** A page in a window of its own; nothing but `url`'s own server or folder can be reached from it. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  const outside: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const own = url.startsWith('file:') ? url.split('#', 1)[0]! : new URL(url).origin;
  await context.route('**', (route) => {
    const asked = route.request().url();
    if (asked.startsWith(own) || asked.startsWith('data:')) return route.continue();
    outside.push(asked);
    return route.abort();
  });
  await page.goto(url);
  return { page, complaints, outside, [Symbol.asyncDispose]: () => context.close() };
}

/** Serious and critical violations of the accessibility rules that axe knows, in words. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, so that the page's policy stays as it is.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.length}, e.g. ${nodes[0]?.html.slice(0, 200)}`);
}

/** How far the page is wider than its window, in pixels: it then has to be pushed to and fro. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** A4 less 1 cm of margin on both sides, at 96 pixels an inch. */
export const a4: BrowserContextOptions = { viewport: { width: 718, height: 1047 } };

/** What of a page that was opened as `a4` print would cut, by the names of the elements; the page stays as it is in print. */
export async function cutInPrint(page: Page): Promise<readonly string[]> {
  await page.emulateMedia({ media: 'print' });
  const cut = await page.evaluate<readonly string[]>(
    `[...document.querySelectorAll('svg.chart, table, img')].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && box.right > document.documentElement.clientWidth + 1;
    }).map((one) => one.tagName)`,
  );
  return (await overflow(page)) > 0 ? ['page', ...cut] : cut;
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
