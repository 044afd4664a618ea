import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { makePaperData } from '../support/made-paper-data.ts';
import { repositoryRoot } from '../support/shared.ts';

const study = join(repositoryRoot, 'workflows/paper.yaml');

it('the paper’s study plans, trains, prunes and evaluates on images in ImageNet’s layout', async () => {
  await using folder = await temporaryFolder();
  const data = await makePaperData(folder.path);
  const where = Object.entries(data).flatMap(([name, path]) => ['--data', `${name}=${String(path)}`]);
  const options = { cwd: folder.path };

  const plan = await sweetspot(['plan', study, '--all', '--json', ...where], options);
  expect(plan.code, plan.stderr).toBe(0);
  const dense = ['resnet18', 'resnet50', 'vit_b_32', 'swin_v2_t'].map((model) => `lrr/dense@model=${model}`);
  for (const address of dense) expect(plan.stdout).toContain(`"${address}"`);

  const small = ['--smoke', ...where, '--param', 'rounds=1'];
  const looked = ['accuracy', 'heatmaps@method=grad-cam', 'boxes', 'human@set=edge'].flatMap((task) => [
    '--only',
    `${task}${task.includes('@') ? ',' : '@'}pool=1`,
  ]);
  const run = await sweetspot(['run', study, ...small, '--param', 'models=[swin_v2_t]', ...looked], options);
  expect(run.code, run.stderr).toBe(0);
  // Dense, cut, retrained, and the four that look at it.
  expect(run.stdout).toContain('7 tasks, 7 run');
}, 300_000);
