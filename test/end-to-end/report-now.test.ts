import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finished } from '../support/command.ts';
import { writeSlowStudy } from './slow-study.ts';
import { startSweetspot, sweetspot, temporaryFolder } from '../support/command.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (...path: readonly string[]): string => join(folder.path, ...path);
const run = (...args: readonly string[]): Promise<Finished> => sweetspot(args, { cwd: folder.path });
const page = (): Promise<string> => readFile(at('out/slow/report.html'), 'utf8');

/** A page without how it came to be: it was handed over by another, at another time. */
const undressed = (html: string): string =>
  html.replaceAll(/(<!--sweetspot:([a-z-]+)-->).*?(?=<!--\/sweetspot:\2-->)/gs, '$1');

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeSlowStudy(folder.path);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a report of a study that is not done', () => {
  it('is refused while there is nothing to show, with what would make it', async () => {
    const { code, stderr } = await run('report', 'slow.yaml');
    expect([code, stderr]).toEqual([1, expect.stringContaining('sweetspot run slow.yaml')]);
    expect(stderr).toContain('nothing that report shows is there yet');
    expect(existsSync(at('out'))).toBe(false);
  });

  it('is kept fresh by a run that is asked to, and replaced by the finished one', async () => {
    const { finished } = startSweetspot(['run', 'slow.yaml', '--report-every', '1s'], { cwd: folder.path });
    while (!existsSync(at('out/slow/report.html'))) await pause(50);
    expect(await page()).toContain('score <small>1 to come</small>');
    const asked = await run('report', 'slow.yaml');
    expect([asked.code, asked.stdout.trim()]).toEqual([0, 'out/slow/report.html']);
    expect(asked.stderr).toContain('so far: score lacks 1');
    await writeFile(at('go'), '');
    expect(await finished).toMatchObject({ code: 0 });
    const whole = await page();
    expect(whole).not.toContain('This study is not finished');

    const again = await run('report', 'slow.yaml', '--out', 'other');
    expect(again.stderr).toContain('the whole study');
    expect(undressed(await readFile(at('other/report.html'), 'utf8'))).toBe(undressed(whole));
  });

  it('leaves nothing behind, and no run of its own', async () => {
    const runs = await run('ls', '--json');
    expect((JSON.parse(runs.stdout) as { readonly runs: readonly object[] }).runs).toHaveLength(1);
  });

  it.each([
    [['run', 'slow.yaml', '--report-every', 'soon'], '--report-every soon is no time'],
    [['report', 'slow.yaml', '--only', 'score'], 'none of these tasks makes a page'],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
