import { tf } from '../../tensors/index.ts';
import { choose } from './choose.ts';
import type { Evaluated, Pass } from './pass.ts';

/**
 * Stretches of paths -> the weighted sums of the gradients at their nodes. A row is a stretch: the image where the path ends
 * and the one where it begins [rows, height, width, 3], the chosen class [rows, classes], the places of the nodes on the path
 * and their weights [rows, nodes].
 */
export function pathPass({ network, state }: Evaluated): Pass {
  return (inputs) => {
    const [ends, starts, chosen, alphas, weights] = inputs as tf.Tensor[] as [
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const [rows, nodes] = alphas.shape;
    const [, ...size] = ends.shape;
    const values = size.reduce((product, side) => product * side, 1);
    const flat = (images: tf.Tensor): tf.Tensor => tf.reshape(images, [rows, 1, values]);
    const steps = tf.mul(tf.reshape(alphas, [rows, nodes, 1]), tf.sub(flat(ends), flat(starts)));
    const points = tf.reshape(tf.add(flat(starts), steps), [rows * nodes, ...size]);
    const mask = tf.reshape(
      tf.tile(tf.expandDims(chosen, 1), [1, nodes, 1]), // [rows, nodes, classes]
      [rows * nodes, network.classes],
    );
    const slope = tf.grad((input) => choose(network.forward({ state, input }), mask));
    const gradients = tf.reshape(slope(points), [rows, nodes, values]);
    const sums = tf.matMul(tf.reshape(weights, [rows, 1, nodes]), gradients); // [rows, 1, values]
    return [tf.reshape(sums, [rows, ...size])];
  };
}
