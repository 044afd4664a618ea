import type { Program } from '../program.ts';
import { adamKernel } from './adam-kernel.ts';
import { typeOf, type TensorForm } from './form.ts';
import { inPlaceWrites } from './in-place.ts';
import { nodeOf, type GraphNode } from './node.ts';
import { assignment, barrier, copyOf, feedOf, identity, input, signal } from './nodes.ts';
import { record, type Recording, type Source } from './record.ts';
import type { Variable } from './variables.ts';

/** A program's graph for one form of inputs. */
export interface Step {
  readonly nodes: readonly GraphNode[];
  /** Inputs by name: the node that is fed. */
  readonly feeds: ReadonlyMap<string, string>;
  /** Outputs by name: the node that gives each. */
  readonly outputs: ReadonlyMap<string, string>;
  /** To be fetched for the next state to be written. */
  readonly done: string;
}

export interface StepRequest {
  readonly program: Program;
  readonly state: ReadonlyMap<string, Variable>;
  readonly inputs: ReadonlyMap<string, TensorForm>;
  /** In front of the names of the step's nodes. */
  readonly prefix: string;
}

/** Records a program over variables. */
export function recordStep(request: StepRequest): Step {
  const { program, state, inputs, prefix } = request;
  const names = new Map([...inputs.keys()].map((name, index) => [name, `${prefix}input_${index}`]));
  const recording = record({
    program,
    state: new Map(
      [...state].map(([name, { form, read }]): [string, Source] => [name, { ...form, node: read }]),
    ),
    inputs: new Map(
      [...inputs].map(([name, form]): [string, Source] => [name, { ...form, node: names.get(name)! }]),
    ),
    prefix,
  });
  // No output is what is fed, and none is given twice, which TensorFlow would refuse.
  const outputs = [...recording.outputs].map(([name, { node, form }], index) => ({
    name,
    node: identity(`${prefix}output_${index}`, node, typeOf(form)),
  }));
  return {
    nodes: [
      ...[...inputs].flatMap(([name, form]) => input(names.get(name)!, form)),
      ...recording.nodes.filter(({ op }) => op !== adamKernel),
      ...outputs.map(({ node }) => node),
      ...writesOf(recording, request),
    ],
    feeds: new Map([...names].map(([name, node]) => [name, feedOf(node)])),
    outputs: new Map(outputs.map(({ name, node }) => [name, node.name])),
    done: `${prefix}done`,
  };
}

/** Kernels whose result may lie in the memory of what they read. */
const views: ReadonlySet<string> = new Set([
  ...['Cast', 'ConcatV2', 'EnsureShape', 'ExpandDims', 'Identity', 'Pack', 'Reshape'],
  ...['Slice', 'SplitV', 'StridedSlice', 'Tile', 'Transpose', 'Unpack'],
]);

/** What writes the next state, each entry after all of the state has been read. */
function writesOf(recording: Recording, { state, prefix }: StepRequest): GraphNode[] {
  const ops = new Map(recording.nodes.map(({ name, op }) => [name, op]));
  const after = `${prefix}all_read`;
  const inPlace = inPlaceWrites(recording, { state, prefix, after });
  const changed = [...recording.state].filter(
    ([name, { node }]) => node !== variableOf(state, name).read && !inPlace.entries.has(name),
  );
  const assignments = changed.flatMap(([name, { node }], index): GraphNode[] => {
    const { form, handle } = variableOf(state, name);
    const dtype = typeOf(form);
    const [value, write] = [`${prefix}next_${index}`, `${prefix}write_${index}`];
    // What is not recorded is an input, or another entry of the state.
    if (!views.has(ops.get(nodeOf(node)) ?? 'EnsureShape'))
      return [assignment(write, { handle, value: node, dtype, after: [after] })];
    return [copyOf(value, node, dtype), assignment(write, { handle, value, dtype, after: [after] })];
  });
  const written = assignments.filter(({ op }) => op === 'AssignVariableOp').map(({ name }) => name);
  const read = readsOf(recording, state);
  return [
    barrier(after, read),
    ...assignments,
    ...inPlace.nodes,
    ...signal(`${prefix}done`, [...written, ...inPlace.written]),
  ];
}

function readsOf(recording: Recording, state: ReadonlyMap<string, Variable>): string[] {
  const results = [...recording.state.values(), ...recording.outputs.values()].map(({ node }) => node);
  const used = new Set([...recording.nodes.flatMap(({ inputs }) => inputs), ...results].map(nodeOf));
  return [...state.values()].map(({ read }) => read).filter((read) => used.has(read));
}

function variableOf(state: ReadonlyMap<string, Variable>, name: string): Variable {
  const found = state.get(name);
  if (found === undefined) throw new Error(`a program gives a next '${name}', which its state does not have`);
  return found;
}
