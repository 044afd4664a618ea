import type { Plan } from '../../../engine/plan/plan.ts';

/** A plan without places and without the order of tasks, which follows the file. */
export function essence(of: Plan): unknown {
  const tasks = [...of.tasks.values()].map(({ place: _, ...task }) => task);
  return {
    tasks: tasks.sort((a, b) => (a.id < b.id ? -1 : 1)),
    pools: Object.fromEntries(of.pools),
    edges: [...of.graph.edges()].length,
  };
}

/** The same mappings with their keys in an order of chance. */
export function shuffleKeys(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffleKeys(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => ({
    key,
    item: shuffleKeys(item, random),
    at: random(),
  }));
  return Object.fromEntries(entries.sort((a, b) => a.at - b.at).map(({ key, item }) => [key, item]));
}

export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
