import type { NamedTensors, Program } from '../program.ts';
import { tf } from '../tf.ts';
import { nativeBackend, sharing } from './backend.ts';
import { formOf, type TensorForm } from './form.ts';
import { KernelLog } from './kernel-log.ts';
import type { GraphNode } from './node.ts';

/** A tensor that a node's output gives. */
export interface Source extends TensorForm {
  readonly node: string;
}

export interface RecordRequest {
  readonly program: Program;
  readonly state: ReadonlyMap<string, Source>;
  readonly inputs: ReadonlyMap<string, Source>;
  /** In front of every recorded node's name. */
  readonly prefix: string;
}

/** What a program did. */
export interface Recording {
  /** In the order in which they ran; only what the results depend on. */
  readonly nodes: readonly GraphNode[];
  /** Next state and outputs by name. */
  readonly state: ReadonlyMap<string, Result>;
  readonly outputs: ReadonlyMap<string, Result>;
}

interface Result {
  /** The node output that gives it. */
  readonly node: string;
  readonly form: TensorForm;
}

/**
 * Runs a program once, on zeros, and records every kernel that reaches TensorFlow; gradients, too, are only kernels here.
 * What the program makes of numbers becomes constants. Throws where it reads a value, or a tensor that is neither of its
 * state or inputs nor made within.
 */
export function record({ program, state, inputs, prefix }: RecordRequest): Recording {
  const given = { state: zerosOf(state), inputs: zerosOf(inputs) };
  const log = new KernelLog({
    backend: nativeBackend(),
    prefix,
    skipsIndependent: false,
    nodeOfStranger: ({ reader }) => {
      throw new Error(
        `a program takes ${reader} from outside, or from an array of more than 16 MiB: hand it in as state or input`,
      );
    },
  });
  for (const [name, { node }] of state) log.know(given.state.get(name)!, node);
  for (const [name, { node }] of inputs) log.know(given.inputs.get(name)!, node);
  const results = { state: new Map<string, Result>(), outputs: new Map<string, Result>() };
  const resultOf = ([name, tensor]: [string, tf.Tensor]): [string, Result] => [
    name,
    { node: log.nodeOf(tensor, name), form: formOf(tensor) },
  ];
  try {
    log.during(() => {
      tf.tidy(() => {
        const next = program(given);
        results.state = new Map([...next.state].map(resultOf));
        results.outputs = new Map([...next.outputs].map(resultOf));
        // Not left to the tidy: some may have been kept.
        tf.dispose([...next.state.values(), ...next.outputs.values()]);
      });
    });
  } finally {
    tf.dispose([...given.state.values(), ...given.inputs.values()]);
  }
  const ends = [...results.state.values(), ...results.outputs.values()].map(({ node }) => node);
  return { ...results, nodes: log.nodesBehind(ends) };
}

/** Zeros of the forms. Those of one form share their memory: vectors of the state are as long as the model. */
function zerosOf(forms: ReadonlyMap<string, TensorForm>): NamedTensors {
  const first = new Map<string, tf.Tensor>();
  const zeros = [...forms].map(([name, form]) => {
    const key = JSON.stringify([form.dtype, form.shape]);
    const tensor = first.has(key) ? sharing(first.get(key)!) : tf.zeros([...form.shape], form.dtype);
    first.set(key, tensor);
    return [name, tensor] as const;
  });
  return new Map(zeros);
}
