import { tf } from './tf.ts';

/** Tensors by name. */
export type NamedTensors = ReadonlyMap<string, tf.Tensor>;

/**
 * One step of a computation: what it makes of its state and of its inputs. A pure function of both, so that it can be run
 * operation by operation, or be recorded once and run as a graph: whatever changes between steps (a batch, a learning
 * rate, random draws) comes in as a tensor, never as a number. It synchronously returns new tensors, and reads no values.
 */
export type Program = (from: { readonly state: NamedTensors; readonly inputs: NamedTensors }) => {
  /** The next state, under the same names and in the same shapes. What stays as it was may be left out. */
  readonly state: NamedTensors;
  /** What else the step gives, by name. */
  readonly outputs: NamedTensors;
};

/** Programs that share one state, by name. */
export type Programs = Readonly<Record<string, Program>>;

/** Programs with their state. */
export interface RunningPrograms {
  /** Takes one step of the program so named. The caller owns the outputs, and the inputs still. */
  step(name: string, inputs: NamedTensors): NamedTensors;
  /** Values of the state as it stands, of the names given; default: all. */
  read(names?: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
  /** Puts a copy of a new value of the same shape in the place of one of the state's. */
  write(name: string, value: Float32Array): void;
  /** Frees the state. */
  dispose(): void;
}

/** Runs programs operation by operation. Takes over the tensors of `state`. */
export function runEagerly(programs: Programs, state: NamedTensors): RunningPrograms {
  const current = new Map(state);
  const valueOf = (name: string): tf.Tensor => {
    const tensor = current.get(name);
    if (tensor === undefined) throw new Error(`the programs' state has no '${name}'`);
    return tensor;
  };
  const replace = (name: string, next: tf.Tensor): void => {
    const before = valueOf(name);
    if (before === next) return;
    current.set(name, next);
    before.dispose();
  };
  return {
    step(name, inputs) {
      const program = programs[name];
      if (program === undefined) throw new Error(`there is no program '${name}'`);
      const next = stepOnce(program, current, inputs);
      for (const [entry, tensor] of next.state) replace(entry, tensor);
      return next.outputs;
    },
    async read(names = [...current.keys()]) {
      // The reads start together: a step that is taken meanwhile frees the tensors only when they are read.
      const values = names.map(async (name) => (await valueOf(name).data()) as Float32Array);
      return new Map((await Promise.all(values)).map((value, index) => [names[index]!, value]));
    },
    write(name, value) {
      // A copy: a tensor may share its array's memory.
      replace(name, tf.tensor(value.slice(), valueOf(name).shape, 'float32'));
    },
    dispose() {
      tf.dispose([...current.values()]);
      current.clear();
    },
  };
}

function stepOnce(program: Program, state: NamedTensors, inputs: NamedTensors): ReturnType<Program> {
  const kept: { state: [string, tf.Tensor][]; outputs: [string, tf.Tensor][] } = { state: [], outputs: [] };
  tf.tidy(() => {
    const next = program({ state, inputs });
    kept.state = [...next.state];
    kept.outputs = [...next.outputs];
    return [...kept.state, ...kept.outputs].map(([, tensor]) => tensor);
  });
  return { state: new Map(kept.state), outputs: new Map(kept.outputs) };
}
