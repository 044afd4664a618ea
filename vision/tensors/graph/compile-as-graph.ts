import { tf } from '../tf.ts';
import { nativeBackend } from './backend.ts';
import { formOf, typeOf, type TensorForm } from './form.ts';
import { KernelLog } from './kernel-log.ts';
import type { GraphNode } from './node.ts';
import { feedOf, identity, input } from './nodes.ts';
import { openSession } from './session.ts';
import { variable } from './variables.ts';

/** A graph with inputs and outputs in an order. */
export interface GraphFunction {
  /** The results are the caller's. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Frees the graph and what it holds. */
  dispose(): void;
}

/**
 * A function of tensors of the forms given as a graph. Whatever does not depend on the inputs is computed here, once, and
 * held in the graph's variables, be it weights or what is made of them; nothing outside has to outlive this call.
 */
export function compileAsGraph(
  body: (inputs: tf.Tensor[]) => tf.Tensor[],
  forms: readonly TensorForm[],
): GraphFunction {
  const { nodes, outputs, held } = recordAround(body, forms);
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
    run: (inputs) =>
      session.run(new Map(inputs.map((tensor, index) => [feedOf(inputName(index)), tensor])), outputs),
    dispose: () => {
      session.close();
    },
  };
}

const inputName = (index: number): string => `input_${index}`;
const outputName = (index: number): string => `output_${index}`;
const heldName = (index: number): string => `held_${index}`;

/** The nodes from inputs to outputs, and the values that they read besides, in the order of their variables. */
function recordAround(
  body: (inputs: tf.Tensor[]) => tf.Tensor[],
  forms: readonly TensorForm[],
): { readonly nodes: readonly GraphNode[]; readonly outputs: readonly string[]; readonly held: tf.Tensor[] } {
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
  const zeros = forms.map(({ shape, dtype }) => tf.zeros([...shape], dtype));
  const nodes: GraphNode[] = forms.flatMap((form, index) => input(inputName(index), form));
  zeros.forEach((tensor, index) => {
    log.know(tensor, inputName(index));
  });
  const outputs: GraphNode[] = [];
  try {
    log.during(() => {
      tf.tidy(() => {
        const results = body(zeros).map((tensor, index) => {
          const name = outputName(index);
          return identity(name, log.nodeOf(tensor, name), typeOf(tensor));
        });
        outputs.push(...results);
        nodes.push(...log.nodesBehind(results.flatMap(({ inputs }) => inputs)), ...results);
      });
    });
  } catch (error) {
    tf.dispose([...held.values()]);
    throw error;
  } finally {
    tf.dispose(zeros);
  }
  return { nodes, outputs: outputs.map(({ name }) => name), held: [...held.values()] };
}
