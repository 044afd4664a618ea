import type { Binding, Handle, KernelAttribute } from './backend.ts';
import type { AttributeValue } from './node.ts';

/** Attributes that TensorFlow infers when it runs an operation by itself, but asks for in a graph. */
type Inferred = (binding: Binding, outputs: readonly Handle[]) => Record<string, AttributeValue>;

const inferred: Readonly<Record<string, Inferred>> = {
  ExpandDims: (binding, outputs) => ({
    T: { kind: 'type', value: outputs[0]!.dtype },
    Tdim: { kind: 'type', value: binding.TF_INT32 },
  }),
};

/** The attributes of a kernel that ran, as a node's. */
export function nodeAttributes(
  binding: Binding,
  ran: {
    readonly op: string;
    readonly attributes: readonly KernelAttribute[];
    readonly outputs: readonly Handle[];
  },
): Record<string, AttributeValue> {
  const given = ran.attributes.map((entry): [string, AttributeValue] => [
    entry.name,
    convert(binding, entry),
  ]);
  return { ...inferred[ran.op]?.(binding, ran.outputs), ...Object.fromEntries(given) };
}

function convert(binding: Binding, { name, type, value }: KernelAttribute): AttributeValue {
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return { kind: 'type', value: value as number };
    case binding.TF_ATTR_STRING:
      return { kind: 'text', value: value as string };
    case binding.TF_ATTR_SHAPE:
      return { kind: 'shape', value: value as number[] };
    case binding.TF_ATTR_INT:
      return Array.isArray(value)
        ? { kind: 'ints', value: value as number[] }
        : { kind: 'int', value: value as number };
    case binding.TF_ATTR_FLOAT:
      return Array.isArray(value)
        ? { kind: 'floats', value: value as number[] }
        : { kind: 'float', value: value as number };
    case binding.TF_ATTR_BOOL:
      return Array.isArray(value)
        ? { kind: 'bools', value: value as boolean[] }
        : { kind: 'bool', value: value as boolean };
    default:
      throw new Error(`a graph has no form for the attribute '${name}' of type ${type}`);
  }
}
