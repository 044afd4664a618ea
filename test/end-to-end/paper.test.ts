import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { makePaperData } from '../support/made-paper-data.ts';
import { repositoryRoot } from '../support/shared.ts';

it('the paper’s study trains and evaluates on images in ImageNet’s layout', async () => {
  await using folder = await temporaryFolder();
  const data = await makePaperData(folder.path);
  const run = await sweetspot(
    [
      'run',
      join(repositoryRoot, 'workflows/paper.yaml'),
      '--smoke',
      ...Object.entries(data).flatMap(([name, path]) => ['--data', `${name}=${String(path)}`]),
      ...['--param', 'models=[resnet18]', '--param', 'rounds=1', '--only', 'accuracy@pool=0'],
    ],
    { cwd: folder.path },
  );
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout).toContain('2 tasks, 2 run');
});
