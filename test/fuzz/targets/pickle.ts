import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesPerElement, elementCount } from '../../../vision/weights/raw-tensor.ts';
import { repositoryRoot } from '../../support/shared.ts';
import { torchFileOf } from '../../support/weights-in-memory.ts';
import { inventTorch, torchFiles } from '../formats/pickle.ts';
import type { Target } from '../target.ts';
import { checkFailure } from './check-failure.ts';

/** Checkpoints of torch.save, in its old format and in its zip. */
export const pickle: Target = {
  name: 'pickle',
  seeds: async () => {
    const fixtures = ['strided-protocol2.pth', 'strided-protocol4.pth'].map((name) =>
      readFile(join(repositoryRoot, 'test/fixtures/weights', name)),
    );
    return [...torchFiles(), ...(await Promise.all(fixtures))];
  },
  invent: inventTorch,
  words: [
    'cos\nsystem\n',
    'ctorch\nFloatStorage\n',
    'X\x04\0\0\0',
    '(',
    't',
    'R',
    'Q',
    '}',
    ']',
    'h\0',
    'q\0',
    'PK\x03\x04',
    '\x8b',
    '.',
  ],
  read: async (input) => {
    const read = await torchFileOf(input);
    if (read.kind === 'weights-failure') checkFailure(read);
    else {
      let bytesRead = 0;
      for (const [name, { dtype, shape, bytes }] of read.tensors) {
        bytesRead += bytes.length;
        if (bytes.length !== elementCount(shape) * bytesPerElement[dtype])
          throw new Error(`'${name}' is not filled`);
      }
      if (bytesRead > 4 * input.length) throw new Error('far more tensors than file');
    }
  },
};
