import { beforeAll, describe, expect, it } from 'vitest';
import { softmaxCrossEntropy, tf } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { relativeError } from '../../support/reference-network.ts';

beforeAll(async () => {
  await useTestBackend();
});

const { rows } = referenceJson('optim/cross_entropy.json') as {
  rows: { label_smoothing: number; target: 'hard' | 'soft' | 'mixed'; loss: number }[];
};
const reference = referenceTensors('optim/cross_entropy.safetensors');

describe('the loss', () => {
  it.each(rows)(
    'is PyTorch cross-entropy with $target targets and smoothing $label_smoothing, and so is its gradient',
    ({ label_smoothing: labelSmoothing, target, loss }) => {
      const logits = tf.tensor2d(Float32Array.from(floats(reference, 'logits')), [6, 9]);
      const labels =
        target === 'hard'
          ? tf.tensor1d(Array.from(reference.get('target')!.data, Number), 'int32')
          : tf.tensor2d(Float32Array.from(floats(reference, `${target}_target`)), [6, 9]);
      const { value, grad } = tf.valueAndGrad((x) => softmaxCrossEntropy(x, labels, { labelSmoothing }))(
        logits,
      );
      expect(value.dataSync()[0]).toBeCloseTo(loss, 5);
      const expected = floats(
        reference,
        `expect/grad/${target}/${labelSmoothing.toFixed(labelSmoothing === 0.11 ? 2 : 1)}`,
      );
      expect(relativeError(grad.dataSync(), expected)).toBeLessThan(1e-5);
    },
  );
});
