import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../../vision/tensors/index.ts';
import { clipped } from '../../../vision/training/clip.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { relativeError } from '../../support/reference-network.ts';

beforeAll(async () => {
  await useTestBackend();
});

const { cases } = referenceJson('optim/clip_grad_norm.json') as { cases: { i: number; max_norm: number }[] };
const reference = referenceTensors('optim/clip_grad_norm.safetensors');
const together = (prefix: string): Float32Array =>
  Float32Array.from([0, 1, 2].flatMap((index) => [...floats(reference, `${prefix}grad${index}`)]));

describe('a clipped gradient', () => {
  it.each(cases)("is PyTorch's for a longest norm of $max_norm", ({ i, max_norm: longest }) => {
    const actual = clipped(tf.tensor1d(together('')), longest).dataSync();
    expect(relativeError(actual, together(`expect/${i}/`))).toBeLessThan(1e-6);
  });
});
