import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiffDocument } from '../../cli/json-output.ts';
import type { Finished } from '../support/command.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { printedJsonProblem } from '../support/printed-json.ts';
import { parsePage } from '../tasks/report/parse-page.ts';
import { writeSlowStudy } from './slow-study.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const run = (...args: readonly string[]): Promise<Finished> => sweetspot(args, { cwd: folder.path });
const edit = async (name: string, from: string, to: string): Promise<void> => {
  const path = join(folder.path, name);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
};
const named: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  const { go } = await writeSlowStudy(folder.path);
  await writeFile(go, '');
  const ran = async (): Promise<void> => {
    const { stdout, code } = await run('run', 'slow.yaml', '--json');
    expect(code).toBe(0);
    named.push((/"run":"([^"]+)"/.exec(stdout) ?? [])[1]!);
  };
  await ran();
  // The dense model now has a quarter; the study's title and its axis change too.
  await edit('score.sh', '"mean":0.5,"values":[0,1]', '"mean":0.25,"values":[0,0.5]');
  await edit('slow.yaml', 'title: Slow', 'title: Slower');
  await edit('slow.yaml', 'at: [0, 1]', 'at: [0, 2]');
  await ran();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('what changed between two runs', () => {
  it('is told by its causes, and by what became of the scores', async () => {
    const { code, stdout } = await run('diff', named[0]!, 'last');
    expect(code).toBe(0);
    expect(stdout).toMatch(/score\n {2}file score\.sh {2}\S+… -> \S+…\n/);
    expect(stdout).toContain('report\n  options.title  Slow -> Slower\n');
    expect(stdout).toContain('only before: 1 task: score@at=1');
    expect(stdout).toContain('only after: 1 task: score@at=2');
    expect(stdout).toMatch(/score@at=0\s+accuracy\s+50\.00 %\s+25\.00 %\s+\u221225\.00/);
  });

  it('is nothing from a run to itself', async () => {
    const { code, stdout } = await run('diff', 'last', 'slow');
    expect(code).toBe(0);
    expect(stdout).toBe(`slow  ${named[1]!}  done\nthe same run twice: nothing differs\n`);
  });

  it('is told to programs with every address', async () => {
    const document = JSON.parse((await run('diff', named[0]!, named[1]!, '--json')).stdout) as DiffDocument;
    expect(document.study).toMatchObject({
      removed: ['score@at=1'],
      added: ['score@at=2'],
      remade: [],
      same: [],
    });
    expect(document.study.changes.map(({ name, field }) => [name, field])).toEqual([
      ['score', 'files.score.sh'],
      ['report', 'options.title'],
    ]);
    expect(document.scores.changes).toMatchObject([
      { task: 'score@at=0', measure: 'accuracy', before: 0.5, after: 0.25 },
    ]);
    expect(document.results).toEqual({ same: 0, other: 2, remade: 0, open: 0 });
    expect(document.after).toEqual({ run: named[1], study: 'slow', state: 'done', unfinished: 0 });
    expect(printedJsonProblem('DiffDocument', document)).toBeUndefined();
  });

  it('asks for runs that are there', async () => {
    const { code, stderr } = await run('diff', 'slwo', 'last');
    expect([code, stderr]).toEqual([2, expect.stringContaining("there is no run 'slwo'")]);
    expect(stderr).toContain('did you mean slow?');
  });

  it('says in a line what it comes to', async () => {
    const { stdout } = await run('diff', named[0]!, 'slow');
    expect(stdout.split('\n')[2]).toBe(
      '2 changed fields; 0 of 2 results are the same bytes; 1 of 1 score moved',
    );
  });
});

describe('the page of two runs', () => {
  it('puts the changed text beside the changed scores, and lies where it was asked for', async () => {
    const { code, stderr } = await run('diff', named[0]!, 'last', '--page', 'pages/diff.html');
    expect([code, stderr]).toEqual([0, 'page: pages/diff.html\n']);
    const page = parsePage(await readFile(join(folder.path, 'pages/diff.html'), 'utf8'));
    const text = (selector: string): string =>
      (page.querySelector(selector)?.textContent ?? '').replaceAll(/\s+/g, ' ');
    expect(text('h1')).toBe('Two runs of slow');
    expect(text('.facts')).toContain('0 of 2');
    expect(text('#glance')).toContain('title of report: Slow \u2192 Slower');
    expect(text('#glance')).toContain('only the first has score@at=1 (1 task)');
    // The page's title moves no score.
    expect(text('.caution')).toContain('One thing changed');
    // Two images are too few to tell, whatever the difference.
    expect(text('#glance')).toContain(
      'Accuracy: unchanged beyond chance (\u221225.0 points [\u221250.0, 0.0])',
    );
    const lines = [...page.querySelectorAll('.text-diff tr')].map(({ textContent }) =>
      textContent.replaceAll(/\s+/g, ' ').trim(),
    );
    expect(lines).toContain('2 \u2212 matrix: { at: [0, 1] }');
    expect(lines).toContain('2 + matrix: { at: [0, 2] }');
    expect((await readdir(join(folder.path, 'pages'))).sort()).toEqual(['diff.html']);
  });

  it('compares a study of other tasks, from another store, by what was scored', async () => {
    const other = join(folder.path, 'other');
    await mkdir(other);
    await writeSlowStudy(other);
    const path = join(other, 'slow.yaml');
    const study = (await readFile(path, 'utf8')).replace('study: slow', 'study: renamed');
    await writeFile(path, study.replace('  score:', '  judged:').replace('all.score.', 'all.judged.'));
    await writeFile(join(other, 'go'), '');
    expect((await run('run', 'other/slow.yaml', '--cache', 'other-store')).code).toBe(0);
    const { code, stdout } = await run(
      ...['diff', 'renamed', 'slow', '--before-cache', 'other-store', '--page', 'other.html'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('only before: 2 tasks: judged (2)');
    expect(stdout).toContain('no scores to compare by their addresses');
    const page = parsePage(await readFile(join(folder.path, 'other.html'), 'utf8'));
    expect(page.querySelector('h1')?.textContent).toBe('renamed and slow');
    expect([...page.querySelectorAll('#compare-accuracy svg.chart')]).toHaveLength(2);
  });

  it('says which results an unfinished run lacks', async () => {
    await edit('slow.yaml', 'at: [0, 2]', 'at: [0, 3]');
    await edit('score.sh', 'mkdir scores', 'mkdir scores; [ "$1" = s0 ] || exit 1');
    expect((await run('run', 'slow.yaml')).code).toBe(1);
    const { code, stdout } = await run('diff', named[0]!, 'last', '--page', 'open.html');
    expect(code).toBe(0);
    expect(stdout).toContain('after lacks the results of 2 tasks: they are not compared');
    const page = parsePage(await readFile(join(folder.path, 'open.html'), 'utf8'));
    expect(page.querySelector('.so-far')?.textContent.replaceAll(/\s+/g, ' ')).toContain(
      'The second run is not done (score lacks 1)',
    );
  });

  it('complains where the page cannot be', async () => {
    const { code, stderr } = await run('diff', named[0]!, named[1]!, '--page', 'slow.yaml/diff.html');
    expect([code, stderr]).toEqual([3, expect.stringContaining('the page cannot be written')]);
  });
});
