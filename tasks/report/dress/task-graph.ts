import type { TaskRecord } from '../../../engine/contract/study-record.ts';

/** Tasks by name, and which reads of which. */
export interface TaskGraph {
  readonly names: readonly string[];
  readonly edges: readonly (readonly [producer: string, consumer: string])[];
}

/** An instance each would be unreadable: a node a name, an edge where any instance of one reads any of the other. */
export function graphByName(tasks: readonly TaskRecord[]): TaskGraph {
  const edges = new Map<string, readonly [string, string]>();
  for (const { name, reads } of tasks) {
    for (const place of reads) {
      const producer = tasks[place]?.name;
      if (producer === undefined || producer === name) continue;
      edges.set(JSON.stringify([producer, name]), [producer, name]);
    }
  }
  return { names: [...new Set(tasks.map(({ name }) => name))], edges: [...edges.values()] };
}
