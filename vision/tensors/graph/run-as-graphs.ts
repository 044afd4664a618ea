import type { NamedTensors, Programs, RunningPrograms } from '../program.ts';
import { tf } from '../tf.ts';
import { formOf, type TensorForm } from './form.ts';
import { openSession, type Session } from './session.ts';
import { recordStep, type Step } from './step.ts';
import { variable, type Variable } from './variables.ts';

/**
 * Runs programs as graphs, which TensorFlow optimises and whose state it keeps. Takes over the tensors of `state`. A program
 * is recorded anew for every form of inputs that it meets; the graph, which holds all recordings, is loaded again then, and
 * the state goes over into it.
 */
export function runAsGraphs(programs: Programs, state: NamedTensors): RunningPrograms {
  return new GraphPrograms(programs, state);
}

class GraphPrograms implements RunningPrograms {
  readonly #programs: Programs;
  readonly #state: ReadonlyMap<string, Variable>;
  /** By program and forms of its inputs. */
  readonly #steps = new Map<string, Step>();
  #session: Session | undefined;
  /** The state while no session holds it: there is none before a step was recorded, which takes the most memory. */
  #waiting: NamedTensors;

  constructor(programs: Programs, state: NamedTensors) {
    this.#programs = programs;
    this.#state = new Map(
      [...state].map(([name, tensor], index) => [name, variable(`state_${index}`, formOf(tensor))]),
    );
    this.#waiting = state;
  }

  step(name: string, inputs: NamedTensors): NamedTensors {
    const step = this.#stepFor(name, inputs);
    const feeds = new Map([...inputs].map(([input, tensor]) => [step.feeds.get(input)!, tensor]));
    const [done, ...outputs] = this.#loaded().run(feeds, [step.done, ...step.outputs.values()]);
    done!.dispose();
    return new Map([...step.outputs.keys()].map((output, index) => [output, outputs[index]!]));
  }

  read(names: readonly string[] = [...this.#state.keys()]): Promise<ReadonlyMap<string, Float32Array>> {
    const tensors = this.#fetch(names);
    const values = [...tensors].map(([name, tensor]) => [name, tensor.dataSync() as Float32Array] as const);
    tf.dispose([...tensors.values()]);
    return Promise.resolve(new Map(values));
  }

  write(name: string, value: Float32Array): void {
    const tensor = tf.tensor(value, [...this.#variable(name).form.shape], 'float32');
    this.#put(this.#loaded(), new Map([[name, tensor]]));
    tensor.dispose();
  }

  dispose(): void {
    this.#session?.close();
    tf.dispose([...this.#waiting.values()]);
  }

  #variable(name: string): Variable {
    const found = this.#state.get(name);
    if (found === undefined) throw new Error(`the programs' state has no '${name}'`);
    return found;
  }

  #stepFor(name: string, inputs: NamedTensors): Step {
    const forms = new Map(
      [...inputs].map(([input, tensor]): [string, TensorForm] => [input, formOf(tensor)]),
    );
    const key = JSON.stringify([name, ...forms]);
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const program = this.#programs[name];
    if (program === undefined) throw new Error(`there is no program '${name}'`);
    const prefix = `step_${this.#steps.size}/`;
    const step = recordStep({ program, state: this.#state, inputs: forms, prefix });
    this.#unload();
    this.#steps.set(key, step);
    return step;
  }

  /** The session of all recordings so far, with the state in it. */
  #loaded(): Session {
    if (this.#session !== undefined) return this.#session;
    const parts = [...this.#state.values(), ...this.#steps.values()];
    const session = openSession(parts.flatMap(({ nodes }) => nodes));
    this.#put(session, this.#waiting);
    tf.dispose([...this.#waiting.values()]);
    this.#waiting = new Map();
    this.#session = session;
    return session;
  }

  #unload(): void {
    if (this.#session === undefined) return;
    this.#waiting = this.#fetch([...this.#state.keys()]);
    this.#session.close();
    this.#session = undefined;
  }

  /** The caller owns the tensors. */
  #fetch(names: readonly string[]): NamedTensors {
    const tensors = this.#loaded().run(
      new Map(),
      names.map((name) => this.#variable(name).read),
    );
    return new Map(names.map((name, index) => [name, tensors[index]!]));
  }

  #put(session: Session, values: NamedTensors): void {
    const variables = [...values].map(([name, tensor]) => ({ ...this.#variable(name), tensor }));
    const feeds = new Map(variables.map(({ feed, tensor }) => [feed, tensor]));
    tf.dispose(
      session.run(
        feeds,
        variables.map(({ written }) => written),
      ),
    );
  }
}
