/**
 * A kernel that only recordings have: inputs parameters, mean, squares, gradient, rate and epsilon, attributes beta1 and
 * beta2; outputs the next of the first three. In the graph TensorFlow's `ResourceApplyAdam` takes its place.
 */
export const adamKernel = 'AdamInPlace';
