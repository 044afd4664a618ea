import { tf } from './tf.ts';

/** An operation of ours, as one kernel of the engine: one node on the tape, its gradient computed only for inputs that need it. */
export interface Operation<Inputs extends TensorRecord, Attrs extends tf.NamedAttrMap> {
  readonly name: string;
  /** The kernel in terms of tfjs operations; right on every backend, and the oracle of the fused forms. */
  readonly composed: Kernel<Inputs, Attrs>;
  /** The kernel through TensorFlow's own operations, where that pays. */
  readonly tensorflow?: Kernel<Inputs, Attrs>;
  /** The kernel through one of tfjs' wasm backend, where that pays. */
  readonly wasm?: Kernel<Inputs, Attrs>;
  readonly gradient?: Gradient<Inputs, Attrs>;
}

export type TensorRecord = Readonly<Record<string, tf.Tensor>>;
export type Kernel<Inputs, Attrs> = (inputs: Inputs, attrs: Attrs) => tf.Tensor | tf.Tensor[];

export interface Gradient<Inputs, Attrs> {
  readonly inputsToSave: readonly (keyof Inputs & string)[];
  readonly outputsToSave?: readonly boolean[];
  /** `saved` holds the named inputs, then the marked outputs; one thunk for each input that has a gradient. */
  readonly compute: (
    dy: readonly tf.Tensor[],
    saved: readonly tf.Tensor[],
    attrs: Attrs,
  ) => Partial<Record<keyof Inputs & string, () => tf.Tensor>>;
}

/** An operation whose inputs and attributes are erased, for the list of all. */
export interface RegisterableOperation {
  readonly name: string;
  register(backend: 'tensorflow' | 'wasm' | 'cpu'): void;
  registerGradient(): void;
}

/** Runs an operation on the current backend; the caller owns the outputs. */
export function runOperation<Inputs extends TensorRecord, Attrs extends tf.NamedAttrMap>(
  operation: Operation<Inputs, Attrs>,
  inputs: Inputs,
  attrs: Attrs,
): tf.Tensor[] {
  const outputs: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(operation.name, inputs, attrs);
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** Runs an operation that has one output. */
export function runSingle<Inputs extends TensorRecord, Attrs extends tf.NamedAttrMap>(
  operation: Operation<Inputs, Attrs>,
  inputs: Inputs,
  attrs: Attrs,
): tf.Tensor {
  return runOperation(operation, inputs, attrs)[0]!;
}

/** Makes an operation known to the engine. The engine's registries are untyped; the casts here are the only ones. */
export function registerable<Inputs extends TensorRecord, Attrs extends tf.NamedAttrMap>(
  operation: Operation<Inputs, Attrs>,
): RegisterableOperation {
  return {
    name: operation.name,
    register(backend) {
      const fused = backend === 'cpu' ? undefined : operation[backend];
      const kernel = fused ?? operation.composed;
      tf.registerKernel({
        kernelName: operation.name,
        backendName: backend,
        kernelFunc: ({ inputs, attrs }) => tf.tidy(() => kernel(inputs as unknown as Inputs, attrs as Attrs)),
      });
    },
    registerGradient() {
      const { gradient } = operation;
      if (gradient === undefined) return;
      tf.registerGradient({
        kernelName: operation.name,
        inputsToSave: [...gradient.inputsToSave],
        ...(gradient.outputsToSave === undefined ? {} : { outputsToSave: [...gradient.outputsToSave] }),
        gradFunc: (dy, saved, attrs) =>
          gradient.compute(Array.isArray(dy) ? dy : [dy], saved, attrs as Attrs) as Record<
            string,
            () => tf.Tensor
          >,
      });
    },
  };
}
