import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { categories } from '../../vision/ood/categories.ts';
import { makeCheckpoint } from '../cli/adopt/checkpoints.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { outputsOf, tasksWith } from './runs.ts';

const minutes = 60_000;

const outer = `study: look
data: { masks: { uses: shapes, split: masks, count: 8 } }
tasks:
  made: { uses: ./sweep.yaml }
  right:
    each: made.pool
    if: member.sparsity < 0.3
    uses: evaluate
    with: { model: "\${{ member.model }}", data: "\${{ data.masks }}", images: 4 }
`;

it(
  'a sweep that was trained elsewhere becomes a pool, with seeds, rounds and sparsities',
  async () => {
    await using folder = await temporaryFolder();
    const cwd = folder.path;
    const run = (...args: readonly string[]): ReturnType<typeof sweetspot> => sweetspot(args, { cwd });
    await makeCheckpoint(join(cwd, 'sweep/seed0/round0.pth'), { classes: 16 });
    await makeCheckpoint(join(cwd, 'sweep/seed0/round1.pth'), { classes: 16, every: 5, withMasks: true });
    await makeCheckpoint(join(cwd, 'sweep/seed1/round1.pth'), { classes: 16, seed: 1, every: 2 });
    await writeFile(join(cwd, 'stated.csv'), 'file,accuracy,sparsity\nseed0/round1.pth,91.2,20%\n');
    const adopt = [
      'adopt',
      'sweep',
      '--pattern',
      'seed{seed}/round{round}.pth',
      '--stated',
      'stated.csv',
      ...['--by', 'Ada', '--classes', 'classes.txt'],
    ];

    await writeFile(join(cwd, 'classes.txt'), categories.join('\n'));
    const looked = await run(...adopt, '--dry-run');
    expect(looked.code, looked.stderr).toBe(0);
    const adopted = await run(...adopt);
    expect(adopted.code, adopted.stderr).toBe(0);
    expect(adopted.stdout).toMatch(
      /seed0\/round1.pth\s+0\s+1\s+resnet8\s+16\s+file\s+20.0\d %\s+20.00 %\s+91.20 %/,
    );
    expect(adopted.stdout).toContain('3 run, 0 cached');
    expect(await readFile(join(cwd, 'sweep.yaml'), 'utf8')).toBe(looked.stdout);

    // What a file was, who says what, and nothing computed twice.
    const shown = await run('show', 'checkpoint@seed=0,round=1');
    for (const words of ['sweep/seed0/round1.pth', 'Ada', '0.912']) expect(shown.stdout).toContain(words);
    expect((await run(...adopt)).stdout).toContain('0 run, 3 cached');

    // More of them, later.
    await makeCheckpoint(join(cwd, 'sweep/seed1/round0.pth'), { classes: 16, seed: 1 });
    const more = await run(...adopt);
    expect(more.stdout, more.stderr).toContain('study sweep.yaml: 1 checkpoint added, 3 there already');
    expect(more.stdout).toContain('1 run, 3 cached');

    await writeFile(join(cwd, 'look.yaml'), outer);
    const ran = await run('run', 'look.yaml', '--json', '--slots', 'cpu:1');
    expect(ran.code, ran.stderr).toBe(0);
    expect(tasksWith(ran.stdout, 'task-done').toSorted()).toEqual([
      'right@seed=0,pool=0',
      'right@seed=0,pool=1',
      'right@seed=1,pool=0',
    ]);
    expect(tasksWith(ran.stdout, 'task-cached').toSorted()).toEqual([
      'made/checkpoint@seed=0,round=0',
      'made/checkpoint@seed=0,round=1',
      'made/checkpoint@seed=1,round=0',
      'made/checkpoint@seed=1,round=1',
    ]);
    expect((await run('export', 'right@seed=0,pool=1', 'scores')).code).toBe(0);
    const scores = JSON.parse(await readFile(join(cwd, 'scores/scores/scores.json'), 'utf8')) as {
      readonly notes: object;
    };
    expect(scores.notes).toMatchObject({ stated: { accuracy: 0.912 } });

    // The same bytes elsewhere are the same model; other bytes under a name that a study has are refused.
    await makeCheckpoint(join(cwd, 'again/best.pth'), { classes: 16 });
    const again = await run('adopt', 'again/best.pth', '--by', 'Ada', '--classes', 'classes.txt');
    expect(again.code, again.stderr).toBe(0);
    const events = await run('run', 'best.yaml', '--json');
    expect(outputsOf(events.stdout).get('checkpoint')).toEqual(
      outputsOf(ran.stdout).get('made/checkpoint@seed=0,round=0'),
    );
    await copyFile(join(cwd, 'sweep/seed1/round1.pth'), join(cwd, 'again/best.pth'));
    const changed = await run('adopt', 'again/best.pth', '--by', 'Ada', '--classes', 'classes.txt');
    expect([changed.code, changed.stderr]).toEqual([
      2,
      expect.stringContaining('best.yaml is there already, and another'),
    ]);
    const refused = await run('run', 'best.yaml');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr + refused.stdout).toContain('is another file: its SHA-256 is');
  },
  5 * minutes,
);
