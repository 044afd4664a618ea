import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { placeMiniStudy, tasksWith } from './runs.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let original: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const file = await placeMiniStudy(folder.path);
  original = await readFile(file, 'utf8');
  const first = await run(original);
  expect(first.code, first.stderr).toBe(0);
}, 300_000);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

async function run(text: string) {
  await writeFile(join(folder.path, 'mini.yaml'), text);
  return sweetspot(['run', 'mini.yaml', '--json', '--smoke'], { cwd: folder.path });
}

describe('what a change of the study costs', () => {
  it('a pruning fraction: what depends on it, and nothing else; changed back: nothing', async () => {
    const changed = await run(original.replace('fraction: 0.2', 'fraction: 0.3'));
    expect(changed.code, changed.stderr).toBe(0);
    expect([...tasksWith(changed.stdout, 'task-started')].sort()).toEqual([
      'accuracy@pool=1',
      'cut',
      'heatmaps@pool=1',
      'localise@pool=1',
      'report',
      'retrain',
    ]);
    const back = await run(original);
    expect([back.code, tasksWith(back.stdout, 'task-started')]).toEqual([0, []]);
  });

  it('order, comments, spacing and defaults written out: nothing', async () => {
    const lines = original.split('\n');
    const dense = lines.find((line) => line.startsWith('  dense:'))!;
    const rewritten = [
      '# a comment',
      ...lines.filter((line) => line !== dense && line !== ''),
      '',
      '  dense:   # moved to the end, defaults written out',
      '    with: { seed: 0, model:   resnet20 }',
      '    uses: train',
    ].join('\n');
    const again = await run(rewritten);
    expect([again.code, tasksWith(again.stdout, 'task-started')], again.stderr).toEqual([0, []]);
  });

  it('`why` names the changed field with both values', async () => {
    await writeFile(join(folder.path, 'mini.yaml'), original.replace('fraction: 0.2', 'fraction: 0.25'));
    const answer = await sweetspot(['why', 'mini.yaml', 'cut', '--smoke'], { cwd: folder.path });
    expect(answer.stdout).toMatch(/options\.fraction\s+0\.[23]\S* -> 0\.25/);
    expect(answer.stdout).toContain('1 field');
  });
});

describe('debug of tasks that compute', () => {
  // With its inputs gathered, and with a data set and a backend of its own.
  it.each(['report', 'accuracy@pool=0'])('%s comes out as recorded', async (task) => {
    await run(original);
    const debugged = await sweetspot(['debug', task], { cwd: folder.path });
    expect([debugged.code, debugged.stdout], debugged.stderr).toEqual([
      0,
      expect.stringContaining('as recorded'),
    ]);
  });
});
