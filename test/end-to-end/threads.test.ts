import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

const study = `
study: photographs
data: { train: { uses: image-folder, root: photographs } }
tasks:
  dense:
    uses: train
    with:
      model: resnet8
      data: "\${{ data.train }}"
      preprocessing: { resize: 224, crop: 224 }
      recipe: { epochs: 1, batch: 16 }
`;

it('a compiled worker trains on images that its threads make ready', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'photographs.yaml'), study);
  for (const [index, name] of Array.from({ length: 44 }, (_, at) => (at % 2 === 0 ? 'a' : 'b')).entries()) {
    await mkdir(join(folder.path, 'data', name), { recursive: true });
    const photograph = join(repositoryRoot, 'test/fixtures/decode/usual.jpg');
    await copyFile(photograph, join(folder.path, 'data', name, `${index}.jpg`));
  }
  const run = await sweetspot(
    ['run', 'photographs.yaml', '--data', `photographs=${join(folder.path, 'data')}`],
    { cwd: folder.path },
  );
  expect(run.code, run.stderr + run.stdout).toBe(0);
});
