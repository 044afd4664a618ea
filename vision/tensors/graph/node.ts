/** An attribute of a node, as TensorFlow's `AttrValue` has them. Types are numbers of its `DataType`. */
export type AttributeValue =
  | { readonly kind: 'type'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'bools'; readonly value: readonly boolean[] }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: ConstantValue };

/** Contents of a `Const` node. */
export interface ConstantValue {
  readonly type: number;
  readonly shape: readonly number[];
  /** Little-endian, in row-major order. Where all elements are the same, the first stands for all. */
  readonly bytes: Uint8Array;
}

/** A node of a TensorFlow graph (`NodeDef`). */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `NODE` or `NODE:OUTPUT` for a tensor, `^NODE` for what has to have run before; the latter come last. */
  readonly inputs: readonly string[];
  /** Where it has to run; else where its kernel is, the GPU first. */
  readonly device?: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** The name of a node's output, as an input of others. */
export function outputOf(node: string, index = 0): string {
  return index === 0 ? node : `${node}:${index}`;
}

/** The node that an input names. */
export function nodeOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}
