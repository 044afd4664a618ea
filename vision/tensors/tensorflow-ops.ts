import { tf } from './tf.ts';

/** An attribute of a TensorFlow operation. */
type Attribute =
  | { readonly kind: 'type'; readonly value: 'float32' }
  | { readonly kind: 'ints'; readonly value: number | readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string };

export const attribute = {
  float32: { kind: 'type', value: 'float32' },
  ints: (value: number | readonly number[]): Attribute => ({ kind: 'ints', value }),
  float: (value: number): Attribute => ({ kind: 'float', value }),
  bool: (value: boolean): Attribute => ({ kind: 'bool', value }),
  text: (value: string): Attribute => ({ kind: 'text', value }),
} as const;

export type Attributes = Readonly<Record<string, Attribute>>;

/** The part of tfjs-node's backend that runs any operation of TensorFlow by name. */
interface TensorflowBackend {
  readonly binding: Readonly<
    Record<
      'TF_ATTR_TYPE' | 'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING' | 'TF_FLOAT',
      number
    >
  >;
  executeMultipleOutputs(
    name: string,
    attrs: readonly unknown[],
    inputs: readonly tf.Tensor[],
    count: number,
  ): tf.Tensor[];
}

/** Runs one operation of TensorFlow on its backend, with one output. */
export function runTensorflow(name: string, inputs: readonly tf.Tensor[], attributes: Attributes): tf.Tensor {
  return runTensorflowMany(name, inputs, attributes, 1)[0]!;
}

/** Runs one operation of TensorFlow on its backend, with `count` outputs. */
export function runTensorflowMany(
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: Attributes,
  count: number,
): tf.Tensor[] {
  const backend = tf.backend() as unknown as TensorflowBackend;
  const list = Object.entries(attributes).map(([key, value]) => encode(backend.binding, key, value));
  return backend.executeMultipleOutputs(name, list, inputs, count);
}

function encode(
  binding: TensorflowBackend['binding'],
  name: string,
  attr: Attribute,
): { name: string; type: number; value: unknown } {
  switch (attr.kind) {
    case 'type':
      return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    case 'ints':
      return { name, type: binding.TF_ATTR_INT, value: attr.value };
    case 'float':
      return { name, type: binding.TF_ATTR_FLOAT, value: attr.value };
    case 'bool':
      return { name, type: binding.TF_ATTR_BOOL, value: attr.value };
    case 'text':
      return { name, type: binding.TF_ATTR_STRING, value: attr.value };
  }
}
