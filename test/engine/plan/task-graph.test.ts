import { describe, expect, it } from 'vitest';
import { taskId } from '../../../engine/plan/plan.ts';
import { TaskGraph } from '../../../engine/plan/task-graph.ts';

/** `{ c: ['a', 'b'] }`: c waits for a and b. */
function graphOf(waits: { readonly [task: string]: readonly string[] }): TaskGraph {
  return new TaskGraph(Object.keys(waits).map(taskId), (task) => waits[task]!.map(taskId));
}

describe('a graph of tasks', () => {
  const diamond = graphOf({ join: ['left', 'right'], left: ['top'], right: ['top'], top: [], alone: [] });

  it('knows producers in the order of inputs, and consumers in that of the plan', () => {
    expect(diamond.producersOf(taskId('join'))).toEqual(['left', 'right']);
    expect(diamond.consumersOf(taskId('top'))).toEqual(['left', 'right']);
    expect(diamond.producersOf(taskId('alone'))).toEqual([]);
    expect(diamond.consumersOf(taskId('alone'))).toEqual([]);
    expect([...diamond.edges()]).toEqual([
      ['left', 'join'],
      ['right', 'join'],
      ['top', 'left'],
      ['top', 'right'],
    ]);
  });

  it('orders each task after all that it waits for', () => {
    expect(diamond.topologicalOrder()).toEqual(['top', 'alone', 'left', 'right', 'join']);
  });

  it('passes over producers that are no tasks of it', () => {
    const graph = graphOf({ a: ['gone'] });
    expect(graph.producersOf(taskId('a'))).toEqual([]);
    expect(graph.topologicalOrder()).toEqual(['a']);
  });

  it('is no circle', () => {
    expect(() => graphOf({ a: ['a'] })).toThrow('waits for itself');
    expect(() => graphOf({ a: ['b'], b: ['a'], c: [] }).topologicalOrder()).toThrow('circle');
  });
});
