import type { PlannedTask, TaskId } from '../engine/plan/plan.ts';
import { buildGraph } from '../engine/plan/graph.ts';

/**
 * Tasks of a plan as a picture. `mermaid` and `dot` draw tasks by name (an instance each would be unreadable), with how many
 * instances each has; `json` lists every instance and edge.
 */
export function drawGraph(drawn: readonly PlannedTask[], format: 'mermaid' | 'dot' | 'json'): string {
  const tasks = new Map(drawn.map((task) => [task.id, task]));
  const graph = buildGraph(drawn);
  if (format === 'json')
    return JSON.stringify(
      {
        tasks: [...tasks.keys()],
        edges: graph.mapEdges((_edge, _attributes, from, to) => [from, to]),
      },
      null,
      2,
    );
  const counts = new Map<string, number>();
  for (const task of drawn) counts.set(task.name, (counts.get(task.name) ?? 0) + 1);
  const edges = new Set<string>();
  graph.forEachEdge((_edge, _attributes, from, to) =>
    edges.add(JSON.stringify([nameOf(tasks, from), nameOf(tasks, to)])),
  );
  const pairs = [...edges].map((edge) => JSON.parse(edge) as [string, string]);
  const label = (name: string): string =>
    (counts.get(name) ?? 0) > 1 ? `${name} × ${counts.get(name) ?? 0}` : name;
  const ids = new Map([...counts.keys()].map((name, index) => [name, `t${index}`]));
  return format === 'mermaid'
    ? [
        'flowchart LR',
        ...[...counts.keys()].map((name) => `  ${ids.get(name) ?? ''}["${label(name)}"]`),
        ...pairs.map(([from, to]) => `  ${ids.get(from) ?? ''} --> ${ids.get(to) ?? ''}`),
      ].join('\n')
    : [
        'digraph study {',
        '  rankdir=LR; node [shape=box];',
        ...[...counts.keys()].map(
          (name) => `  ${JSON.stringify(name)} [label=${JSON.stringify(label(name))}];`,
        ),
        ...pairs.map(([from, to]) => `  ${JSON.stringify(from)} -> ${JSON.stringify(to)};`),
        '}',
      ].join('\n');
}

function nameOf(tasks: ReadonlyMap<TaskId, PlannedTask>, id: string): string {
  return tasks.get(id as TaskId)?.name ?? id;
}
