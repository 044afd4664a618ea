import { tf } from '../tf.ts';
import { nativeBackend } from './backend.ts';
import { formOf, typeOf, type TensorForm } from './form.ts';
import { KernelLog } from './kernel-log.ts';
import type { GraphNode } from './node.ts';
import { feedOf, identity, input } from './nodes.ts';
import { openSession } from './session.ts';
import { variable } from './variables.ts';

/** A graph with one input and one output. */
export interface GraphFunction {
  /** The result is the caller's. */
  run(input: tf.Tensor): tf.Tensor;
  /** Frees the graph and what it holds. */
  dispose(): void;
}

/**
 * A function of one tensor of the form given as a graph. Whatever does not depend on the input is computed here, once, and
 * held in the graph's variables, be it weights or what is made of them; nothing outside has to outlive this call.
 */
export function compileAsGraph(body: (input: tf.Tensor) => tf.Tensor, form: TensorForm): GraphFunction {
  const { nodes, held } = recordAround(body, form);
  const variables = held.map((tensor, index) => ({
    ...variable(heldName(index), formOf(tensor)),
    tensor,
  }));
  const session = openSession([...variables.flatMap((entry) => entry.nodes), ...nodes]);
  const feeds = new Map(variables.map(({ feed, tensor }) => [feed, tensor]));
  const written = variables.map((entry) => entry.written);
  tf.dispose(session.run(feeds, written));
  tf.dispose(held);
  return {
    run: (tensor) => session.run(new Map([[feedOf(inputName), tensor]]), [outputName])[0]!,
    dispose: () => {
      session.close();
    },
  };
}

const inputName = 'input';
const outputName = 'output';
const heldName = (index: number): string => `held_${index}`;

/** The nodes from input to output, and the values that they read besides, in the order of their variables. */
function recordAround(
  body: (input: tf.Tensor) => tf.Tensor,
  form: TensorForm,
): { readonly nodes: readonly GraphNode[]; readonly held: tf.Tensor[] } {
  const backend = nativeBackend();
  const { binding } = backend;
  const held = new Map<number, tf.Tensor>();
  const log = new KernelLog({
    backend,
    prefix: '',
    skipsIndependent: true,
    nodeOfStranger: ({ id }) => {
      // A handle of our own: its maker may let go of the other at any time.
      if (!held.has(id))
        held.set(id, tf.keep(backend.createOutputTensor(binding.executeOp('Identity', [], [id], 1)[0]!)));
      return variable(heldName([...held.keys()].indexOf(id)), formOf(held.get(id)!)).read;
    },
  });
  const zeros = tf.zeros([...form.shape], form.dtype);
  log.know(zeros, inputName);
  const nodes: GraphNode[] = input(inputName, form);
  try {
    log.during(() => {
      tf.tidy(() => {
        const output = body(zeros);
        const node = log.nodeOf(output, outputName);
        nodes.push(...log.nodesBehind([node]), identity(outputName, node, typeOf(output)));
      });
    });
  } catch (error) {
    tf.dispose([...held.values()]);
    throw error;
  } finally {
    zeros.dispose();
  }
  return { nodes, held: [...held.values()] };
}
