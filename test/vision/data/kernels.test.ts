import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { assembleKernel, kernelModule } from '../../support/assemble-kernel.ts';

it('the program that runs is the one that can be read; npm run kernels assembles it', async () => {
  expect(await readFile(kernelModule, 'utf8')).toBe(await assembleKernel());
});
