import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import wabt from 'wabt';
import { repositoryRoot } from './shared.ts';

const folder = resolve(repositoryRoot, 'vision/data/kernels');

/** Where the assembled `pixels.wat` is kept as a module. */
export const kernelModule: string = resolve(folder, 'pixels-program.ts');

/** That module's text. */
export async function assembleKernel(): Promise<string> {
  const toolkit = await wabt();
  const source = await readFile(resolve(folder, 'pixels.wat'), 'utf8');
  const { buffer } = toolkit.parseWat('pixels.wat', source, { simd: true }).toBinary({});
  const lines = Buffer.from(buffer)
    .toString('base64')
    .match(/.{1,96}/g)!;
  return [
    '/** `pixels.wat`, assembled by `npm run kernels`. */',
    `export const pixelsProgram: string = [\n${lines.map((line) => `  '${line}',`).join('\n')}\n].join('');`,
    '',
  ].join('\n');
}
