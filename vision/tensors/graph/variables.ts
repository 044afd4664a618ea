import { typeOf, type TensorForm } from './form.ts';
import type { GraphNode } from './node.ts';
import { assignment, copyOf, placeholder, signal } from './nodes.ts';

/** A variable of a graph: what holds its value, what reads it, and what writes a value that is fed. */
export interface Variable {
  readonly form: TensorForm;
  readonly nodes: readonly GraphNode[];
  readonly handle: string;
  readonly read: string;
  /** To be fed with the value that fetching `written` writes. */
  readonly feed: string;
  readonly written: string;
}

/** The nodes of a variable; their names begin with `name`. */
export function variable(name: string, form: TensorForm): Variable {
  const dtype = typeOf(form);
  const names = {
    handle: `${name}/handle`,
    read: `${name}/read`,
    feed: `${name}/feed`,
    written: `${name}/written`,
  };
  const { handle, read, feed, written } = names;
  const nodes: GraphNode[] = [
    {
      name: handle,
      op: 'VarHandleOp',
      inputs: [],
      attributes: {
        dtype,
        shape: { kind: 'shape', value: form.shape },
        container: { kind: 'text', value: '' },
        shared_name: { kind: 'text', value: name },
      },
    },
    { name: read, op: 'ReadVariableOp', inputs: [handle], attributes: { dtype } },
    placeholder(feed, form),
    copyOf(`${name}/copy`, feed, dtype),
    assignment(`${name}/assign`, { handle, value: `${name}/copy`, dtype, after: [] }),
    ...signal(written, [`${name}/assign`]),
  ];
  return { ...names, form, nodes };
}
