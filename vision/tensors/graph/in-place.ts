import { adamKernel } from './adam-kernel.ts';
import { typeOf } from './form.ts';
import { nodeOf, outputOf, type GraphNode } from './node.ts';
import { assignment, scalarConstant } from './nodes.ts';
import type { Recording } from './record.ts';
import type { Variable } from './variables.ts';

/** Writes of a step that change variables where they lie. */
export interface InPlaceWrites {
  readonly nodes: readonly GraphNode[];
  /** The nodes that have run when all is written. */
  readonly written: readonly string[];
  /** Entries of the state that are written so. */
  readonly entries: ReadonlySet<string>;
}

/** What takes the place of the Adam kernels of a recording: each runs after the node `after`. */
export function inPlaceWrites(
  recording: Recording,
  from: { readonly state: ReadonlyMap<string, Variable>; readonly prefix: string; readonly after: string },
): InPlaceWrites {
  const updates = recording.nodes.filter(({ op }) => op === adamKernel);
  const parts = updates.map((update, index) => {
    const entries = entriesOf(recording, update);
    const variables = entries.map((entry) => from.state.get(entry)!) as [Variable, Variable, Variable];
    const [, mean, squares] = variables;
    if (update.inputs[1] !== mean.read || update.inputs[2] !== squares.read)
      throw new Error(`the moments of ${update.name} are not those of the state`);
    return { entries, nodes: adamNodes(update, { ...from, variables, name: `${from.prefix}adam_${index}` }) };
  });
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    written: parts.map(({ nodes }) => nodes.at(-1)!.name),
    entries: new Set(parts.flatMap(({ entries }) => entries)),
  };
}

/** The entries of the state whose next values an update gives; it may give nothing else. */
function entriesOf(recording: Recording, update: GraphNode): readonly string[] {
  const isRead = [
    ...recording.nodes.flatMap(({ inputs }) => inputs),
    ...[...recording.outputs.values()].map(({ node }) => node),
  ].some((input) => nodeOf(input) === update.name);
  const entries = [0, 1, 2].map((output) =>
    [...recording.state]
      .filter(([, { node }]) => node === outputOf(update.name, output))
      .map(([name]) => name),
  );
  if (isRead || entries.some((names) => names.length !== 1))
    throw new Error(`what ${update.name} gives has to be the next state, once, and nothing else`);
  return entries.flat();
}

function adamNodes(
  update: GraphNode,
  at: {
    readonly name: string;
    readonly variables: readonly [Variable, Variable, Variable];
    readonly after: string;
  },
): GraphNode[] {
  const { name, variables, after } = at;
  const [parameters] = variables;
  const [given, , , gradient, rate, epsilon] = update.inputs as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const dtype = typeOf(parameters.form);
  const begins: GraphNode[] =
    given === parameters.read
      ? []
      : [assignment(`${name}/begin`, { handle: parameters.handle, value: given, dtype, after: [after] })];
  const number = (key: 'beta1' | 'beta2'): GraphNode =>
    scalarConstant(`${name}/${key}`, (update.attributes[key] as { readonly value: number }).value);
  // The corrections of bias are part of the rate: here they are those of no steps left.
  const constants = [scalarConstant(`${name}/zero`, 0), number('beta1'), number('beta2')] as const;
  const [zero, beta1, beta2] = constants.map((node) => node.name) as [string, string, string];
  const before = [after, ...begins.map((node) => node.name)].map((node) => `^${node}`);
  return [
    ...constants,
    ...begins,
    {
      name: `${name}/apply`,
      op: 'ResourceApplyAdam',
      inputs: [
        ...variables.map(({ handle }) => handle),
        ...[zero, zero, rate, beta1, beta2, epsilon, gradient],
        ...before,
      ],
      attributes: { T: dtype },
    },
  ];
}
