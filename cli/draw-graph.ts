import { DirectedGraph } from 'graphology';
import { buildGraph } from '../engine/plan/graph.ts';
import type { PlannedTask, TaskId } from '../engine/plan/plan.ts';

/**
 * Tasks of a plan as a picture. `mermaid` and `dot` draw tasks by name (an instance each would be unreadable), with how many
 * instances each has; `json` lists every instance and edge.
 */
export function drawGraph(drawn: readonly PlannedTask[], format: 'mermaid' | 'dot' | 'json'): string {
  if (format === 'json') {
    const tasks = drawn.map(({ id }) => id);
    return JSON.stringify({ tasks, edges: edgesOf(drawn) }, null, 2);
  }
  const graph = byName(drawn);
  return format === 'mermaid' ? asMermaid(graph) : asDot(graph);
}

type NameGraph = DirectedGraph<{ instances: number }>;

/** A node a name, an edge where any instance of one waits for any of the other, or for one of its own. */
function byName(drawn: readonly PlannedTask[]): NameGraph {
  const graph: NameGraph = new DirectedGraph();
  const names = new Map(drawn.map(({ id, name }) => [id, name]));
  for (const { name } of drawn) graph.updateNode(name, ({ instances = 0 }) => ({ instances: instances + 1 }));
  for (const [producer, consumer] of edgesOf(drawn))
    graph.mergeEdge(names.get(producer) ?? producer, names.get(consumer) ?? consumer);
  return graph;
}

function edgesOf(drawn: readonly PlannedTask[]): readonly (readonly [producer: TaskId, consumer: TaskId])[] {
  return [...buildGraph(new Map(drawn.map((task) => [task.id, task]))).edges()];
}

function asMermaid(graph: NameGraph): string {
  const ids = new Map(graph.nodes().map((name, index) => [name, `t${index}`]));
  return [
    'flowchart LR',
    ...graph.mapNodes((name) => `  ${ids.get(name) ?? ''}["${labelOf(graph, name)}"]`),
    ...graph.mapEdges((_edge, _attributes, from, to) => `  ${ids.get(from) ?? ''} --> ${ids.get(to) ?? ''}`),
  ].join('\n');
}

function asDot(graph: NameGraph): string {
  const nodeLine = (name: string): string =>
    `  ${JSON.stringify(name)} [label=${JSON.stringify(labelOf(graph, name))}];`;
  return [
    'digraph study {',
    '  rankdir=LR; node [shape=box];',
    ...graph.mapNodes(nodeLine),
    ...graph.mapEdges(
      (_edge, _attributes, from, to) => `  ${JSON.stringify(from)} -> ${JSON.stringify(to)};`,
    ),
    '}',
  ].join('\n');
}

function labelOf(graph: NameGraph, name: string): string {
  const instances = graph.getNodeAttribute(name, 'instances');
  return instances > 1 ? `${name} × ${instances}` : name;
}
