import { runSingle, type Operation } from '../operation.ts';
import { attribute, runTensorflow } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';
import { biasAdd } from './bias-add.ts';

/**
 * x w + b over the last axis (PyTorch's `linear`, whose weight is w transposed).
 * @param x - [..., in]
 * @param w - [in, out]
 * @param b - [out]
 * @returns [..., out]
 */
export function linear<T extends tf.Tensor>(x: T, w: tf.Tensor, b?: tf.Tensor): T {
  const [input, out] = w.shape as [number, number];
  const isMatrix = x.rank === 2;
  return tf.tidy(() => {
    const product = matrixProduct(isMatrix ? x : tf.reshape(x, [-1, input]), w); // [rows, out]
    const shifted: tf.Tensor = b === undefined ? product : biasAdd(product, b);
    return (isMatrix ? shifted : tf.reshape(shifted, [...x.shape.slice(0, -1), out])) as T;
  });
}

/** a b, each transposed first where so marked. */
export function matrixProduct(
  a: tf.Tensor,
  b: tf.Tensor,
  transposed: Partial<ProductAttrs> = {},
): tf.Tensor2D {
  const attrs = { transposeA: false, transposeB: false, ...transposed };
  return runSingle(matrixProductOperation, { a, b }, attrs) as tf.Tensor2D;
}

interface ProductInputs extends Record<string, tf.Tensor> {
  a: tf.Tensor;
  b: tf.Tensor;
}

interface ProductAttrs extends tf.NamedAttrMap {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * The product of two matrices. tfjs knows only the batched product, which on TensorFlow's CPU takes up to three times as
 * long where there is one matrix (measured with TensorFlow 2.21). Differentiated only where nothing is transposed.
 */
export const matrixProductOperation: Operation<ProductInputs, ProductAttrs> = {
  name: 'MatrixProduct',
  composed: ({ a, b }, { transposeA, transposeB }) => tf.matMul(a, b, transposeA, transposeB),
  tensorflow: ({ a, b }, { transposeA, transposeB }) =>
    runTensorflow('MatMul', [a, b], {
      T: attribute.float32,
      transpose_a: attribute.bool(transposeA),
      transpose_b: attribute.bool(transposeB),
    }),
  gradient: {
    inputsToSave: ['a', 'b'],
    compute([dy], [a, b], { transposeA, transposeB }) {
      if (transposeA || transposeB) throw new Error('the product of transposed matrices has no gradient');
      return {
        a: () => matrixProduct(dy!, b!, { transposeB: true }),
        b: () => matrixProduct(a!, dy!, { transposeA: true }),
      };
    },
  },
};
