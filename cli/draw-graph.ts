import type { Plan, TaskId } from '../engine/plan/plan.ts';

/**
 * The plan as a picture. `mermaid` and `dot` draw tasks by name (an instance each would be unreadable), with how many
 * instances each has; `json` lists every instance and edge.
 */
export function drawGraph(plan: Plan, format: 'mermaid' | 'dot' | 'json'): string {
  if (format === 'json')
    return JSON.stringify(
      {
        tasks: [...plan.tasks.keys()],
        edges: [...plan.graph.edges()],
      },
      null,
      2,
    );
  const counts = new Map<string, number>();
  for (const task of plan.tasks.values()) counts.set(task.name, (counts.get(task.name) ?? 0) + 1);
  const edges = new Set<string>();
  for (const [from, to] of plan.graph.edges()) {
    edges.add(JSON.stringify([nameOf(plan, from), nameOf(plan, to)]));
  }
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

function nameOf(plan: Plan, id: TaskId): string {
  return plan.tasks.get(id)?.name ?? id;
}
