import { stat, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { makeFolders } from '../../cache/make-folders.ts';
import { temporaryFolder } from './support/temporary-store.ts';

it('makes a folder and those above it, and says whether it was not there before', async () => {
  const root = await temporaryFolder();
  expect(await makeFolders(`${root}/a/b/c`)).toBe(true);
  expect(await makeFolders(`${root}/a/b/c`)).toBe(false);
  expect(await makeFolders(`${root}/a/b`)).toBe(false);
  expect((await stat(`${root}/a/b/c`)).isDirectory()).toBe(true);
});

it('lets several make the same folders at once', async () => {
  const root = await temporaryFolder();
  for (let round = 0; round < 100; round++) {
    const made = await Promise.all(Array.from({ length: 20 }, () => makeFolders(`${root}/${round}/b/c`)));
    expect(made.filter((first) => first)).toHaveLength(1);
  }
});

it('refuses to go through a file, and comes to an end in folders of the kernel', async () => {
  const root = await temporaryFolder();
  await writeFile(`${root}/file`, '');
  await expect(makeFolders(`${root}/file`)).rejects.toThrow('EEXIST');
  await expect(makeFolders(`${root}/file/below`)).rejects.toThrow('ENOTDIR');
  await expect(makeFolders('/proc/no/such/folder')).rejects.toThrow('ENOENT');
});
