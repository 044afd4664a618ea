import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiffDocument } from '../../cli/json-output.ts';
import type { Finished } from '../support/command.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
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
    const { stdout } = await run('diff', 'last', 'last');
    expect(stdout).toContain('nothing differs: 3 tasks the same');
    expect(stdout).toMatch(/^2 the same$/m);
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
    expect(document.scores.changes).toMatchObject([{ task: 'score@at=0', before: 0.5, after: 0.25 }]);
  });

  it('asks for runs that are there', async () => {
    const { code, stderr } = await run('diff', 'nothing', 'last');
    expect([code, stderr]).toEqual([2, expect.stringContaining('nothing')]);
  });
});
