import { describe, expect, it } from 'vitest';
import { layoutGraph } from '../../../tasks/report/dress/layout-graph.ts';
import type { Placed } from '../../../tasks/report/dress/layout-graph.ts';
import { graphByName } from '../../../tasks/report/dress/task-graph.ts';
import type { TaskGraph } from '../../../tasks/report/dress/task-graph.ts';
import { largeRecord } from './fake-record.ts';

const node = { width: 100, height: 40 };
const place = (graph: TaskGraph, widest = 10_000): Placed => layoutGraph({ graph, node, widest });

const study: TaskGraph = {
  names: ['dense', 'cut', 'retrain', 'heatmaps', 'localise', 'accuracy', 'report'],
  edges: [
    ['dense', 'cut'],
    ['retrain', 'cut'],
    ['cut', 'retrain'],
    ['dense', 'heatmaps'],
    ['retrain', 'heatmaps'],
    ['heatmaps', 'localise'],
    ['retrain', 'accuracy'],
    ['localise', 'report'],
    ['accuracy', 'report'],
    ['heatmaps', 'report'],
  ],
};

describe('the graph of tasks', () => {
  it('joins instances by name, each edge once, and no name to itself', () => {
    const { tasks } = largeRecord(40);
    const named = tasks.map((task, i) => ({ ...task, name: i < 12 ? 'first' : i < 24 ? 'second' : 'third' }));
    expect(graphByName(named)).toEqual({
      names: ['first', 'second', 'third'],
      edges: [
        ['first', 'second'],
        ['second', 'third'],
        ['first', 'third'],
      ],
    });
  });

  it('stands in layers: what is read before what reads it, but for one edge of a circle', () => {
    const { nodes, edges } = place(study);
    const x = new Map(nodes.map((one) => [one.name, one.x]));
    const back = edges.filter(({ from, to }) => x.get(from)! >= x.get(to)!);
    expect(back.map(({ from, to }) => [from, to].toSorted())).toEqual([['cut', 'retrain']]);
    expect(edges).toHaveLength(study.edges.length);
  });

  it('overlaps nowhere, and lies within its frame', () => {
    const { nodes, width, height } = place(study);
    for (const [i, one] of nodes.entries()) {
      expect(one.x - 50).toBeGreaterThanOrEqual(0);
      expect(one.x + 50).toBeLessThanOrEqual(width);
      expect(one.y - 20).toBeGreaterThanOrEqual(0);
      expect(one.y + 20).toBeLessThanOrEqual(height);
      for (const other of nodes.slice(i + 1))
        expect(Math.abs(one.x - other.x) >= 100 || Math.abs(one.y - other.y) >= 40).toBe(true);
    }
  });

  it('turns upright where that is narrower', () => {
    const chain: TaskGraph = {
      names: ['a', 'b', 'c'],
      edges: [
        ['a', 'b'],
        ['b', 'c'],
      ],
    };
    expect(place(chain).width).toBeGreaterThan(place(chain).height);
    const narrow = place(chain, 200);
    expect(narrow.width).toBeLessThan(200);
    expect(place(chain, 200).nodes.map(({ y }) => y)).toEqual(
      narrow.nodes.map(({ y }) => y).toSorted((a, b) => a - b),
    );
    expect(place({ names: [], edges: [] }).nodes).toEqual([]);
  });
});
