import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkImages } from '../../../tasks/check-images/index.ts';
import { readTableFile } from '../../../tasks/sweet-spots/table-file.ts';
import { dataFolder } from '../data/data-folder.ts';
import { runKind } from '../support/run-kind.ts';

const data = dataFolder();

async function made(): Promise<void> {
  for (const number of [1, 2, 3, 4]) await data.picture(`a/${number}.png`, number);
  await data.file('a/2.png', 'no image');
  await data.file('b/1.jpg', '');
}

it('names all images that cannot be read, and how to leave them out', async () => {
  await made();
  const input = await data.input('image-folder', {});
  const { outputs, warnings } = await runKind({ kind: checkImages, data: { data: input } });
  const { rows, notes } = await readTableFile(outputs['table']!.dir);
  expect(rows.map(([image, reason]) => [image, reason])).toEqual([
    ['a/2.png', 'corrupt'],
    ['b/1.jpg', 'corrupt'],
  ]);
  expect(warnings).toHaveLength(2);
  const excluded = JSON.parse(notes[1]!.replace('exclude: ', '')) as string[];
  const rest = await data.input('image-folder', { exclude: excluded });
  const again = await runKind({ kind: checkImages, data: { data: rest } });
  const table = await readTableFile(again.outputs['table']!.dir);
  expect([table.rows, table.notes]).toEqual([[], ['3 images were read; all are well.']]);
});

it('withholds its result where a file has changed', async () => {
  await made();
  const input = await data.input('image-folder', {});
  await rm(join(data.root(), 'a/3.png'));
  await expect(runKind({ kind: checkImages, data: { data: input } })).rejects.toMatchObject({
    failureClass: 'data-changed',
  });
});
