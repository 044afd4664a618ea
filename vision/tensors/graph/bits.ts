import type { tf } from '../tf.ts';
import { nativeBackend } from './backend.ts';
import { typeOf, type TensorForm } from './form.ts';
import type { GraphNode } from './node.ts';

/**
 * Whether an input of a graph is fed as the bits of its numbers. A session takes what it is fed from the host's memory, and the
 * binding has put every float tensor into the GPU's by then: the numbers would go there, back, and there again. Tensors of
 * int32 stay on the host, and bits go to the GPU once.
 */
export function feedsBits({ dtype }: Pick<TensorForm, 'dtype'>): boolean {
  return dtype === 'float32' && nativeBackend().isUsingGpuDevice;
}

/** What puts bits into memory of TensorFlow's, on the host. Nothing else here uses it. */
const PIN = 'BitwiseOr';

/**
 * The nodes, named from `name`, by which the last has the numbers whose bits are fed. TensorFlow's executor lets an operation
 * on the host that has its result sent to the GPU write it into pinned memory, out of which the GPU reads five times as fast
 * as out of an array of JavaScript's; x | x is such an operation, and runs on all threads.
 */
export function floatsOfBits(name: string, fed: string): GraphNode[] {
  const [bits, floats] = [typeOf({ dtype: 'int32' }), typeOf({ dtype: 'float32' })];
  const pinned = `${name}/pinned`;
  return [
    { name: pinned, op: PIN, inputs: [fed, fed], device: '/device:CPU:0', attributes: { T: bits } },
    { name: `${name}/floats`, op: 'Bitcast', inputs: [pinned], attributes: { T: bits, type: floats } },
  ];
}

/** The nodes of a graph that are to be fed with bits. */
export function fedWithBits(nodes: readonly GraphNode[]): ReadonlySet<string> {
  return new Set(nodes.filter(({ op }) => op === PIN).flatMap(({ inputs }) => inputs));
}

/** The bits of a tensor's numbers, of its shape; the caller owns them, and both may share memory. */
export function bitsOf(tensor: tf.Tensor): tf.Tensor {
  const backend = nativeBackend();
  const { binding } = backend;
  const { values } = backend.tensorMap.get(tensor.dataId);
  if (values instanceof Float32Array) {
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    const id = binding.createTensor(tensor.shape, binding.TF_INT32, bits);
    return backend.createOutputTensor({ id, shape: tensor.shape, dtype: binding.TF_INT32 });
  }
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'type', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
  ];
  const [handle] = binding.executeOp('Bitcast', attributes, backend.getInputTensorIds([tensor]), 1);
  return backend.createOutputTensor(handle!);
}
