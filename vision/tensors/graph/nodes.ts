import { feedsBits, floatsOfBits } from './bits.ts';
import { typeOf, type TensorForm } from './form.ts';
import type { AttributeValue, GraphNode } from './node.ts';

/** To be fed with a tensor of the form. */
export function placeholder(name: string, form: TensorForm): GraphNode {
  const shape = { kind: 'shape', value: form.shape } as const;
  return { name, op: 'Placeholder', inputs: [], attributes: { dtype: typeOf(form), shape } };
}

/**
 * An input, `name`, to be fed as `feedOf(name)`. TensorFlow's optimiser trusts no form of what is fed, and without forms it
 * fuses less: the check in between is what tells it.
 */
export function input(name: string, form: TensorForm): GraphNode[] {
  const shape = { kind: 'shape', value: form.shape } as const;
  const check = (fed: string): GraphNode => ({
    name,
    op: 'EnsureShape',
    inputs: [fed],
    attributes: { T: typeOf(form), shape },
  });
  if (!feedsBits(form)) return [placeholder(feedOf(name), form), check(feedOf(name))];
  const bits = { shape: form.shape, dtype: 'int32' } as const;
  const floats = floatsOfBits(name, feedOf(name));
  return [placeholder(feedOf(name), bits), ...floats, check(floats.at(-1)!.name)];
}

export function feedOf(name: string): string {
  return `${name}/feed`;
}

/**
 * The same value in memory of TensorFlow's own. What is fed may lie in an array of JavaScript's, which has to be let go of on
 * JavaScript's thread: a variable must not hold it.
 */
export function copyOf(name: string, value: string, dtype: AttributeValue): GraphNode {
  return { name, op: 'DeepCopy', inputs: [value], attributes: { T: dtype } };
}

export function identity(name: string, value: string, dtype: AttributeValue): GraphNode {
  return { name, op: 'Identity', inputs: [value], attributes: { T: dtype } };
}

/** A number in single precision. */
export function scalarConstant(name: string, number: number): GraphNode {
  const dtype = typeOf({ dtype: 'float32' });
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, number, true);
  const value = { type: dtype.value as number, shape: [], bytes };
  return { name, op: 'Const', inputs: [], attributes: { dtype, value: { kind: 'tensor', value } } };
}

/** Puts a value into a variable once the nodes `after` have run. */
export function assignment(
  name: string,
  from: {
    readonly handle: string;
    readonly value: string;
    readonly dtype: AttributeValue;
    readonly after: readonly string[];
  },
): GraphNode {
  const { handle, value, dtype, after } = from;
  return { name, op: 'AssignVariableOp', inputs: [handle, value, ...controls(after)], attributes: { dtype } };
}

/** Runs when all of the nodes have run. */
export function barrier(name: string, after: readonly string[]): GraphNode {
  return { name, op: 'NoOp', inputs: controls(after), attributes: {} };
}

/** A scalar, `name`, that can be fetched to have the nodes `after` run. */
export function signal(name: string, after: readonly string[]): GraphNode[] {
  const dtype = typeOf({ dtype: 'int32' });
  const type = dtype.value as number;
  const zero = { kind: 'tensor', value: { type, shape: [], bytes: new Uint8Array(4) } } as const;
  const constant: GraphNode = {
    name: `${name}/zero`,
    op: 'Const',
    inputs: [],
    attributes: { dtype, value: zero },
  };
  return [
    constant,
    { name, op: 'Identity', inputs: [constant.name, ...controls(after)], attributes: { T: dtype } },
  ];
}

function controls(nodes: readonly string[]): string[] {
  return nodes.map((node) => `^${node}`);
}
