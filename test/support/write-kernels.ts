import { writeFile } from 'node:fs/promises';
import { assembleKernel, kernelModule } from './assemble-kernel.ts';

await writeFile(kernelModule, await assembleKernel());
