import * as dagre from '@dagrejs/dagre';
import type { TaskGraph } from './task-graph.ts';

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** Names by layer: an edge leads to a later one, but for one of each circle. */
  readonly layers: readonly (readonly string[])[];
}

export interface PlacedNode {
  readonly name: string;
  /** Its middle. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** From the border of one node to that of the other. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LayoutRequest {
  readonly graph: TaskGraph;
  readonly node: { readonly width: number; readonly height: number };
  /** Beyond this, layers stand below each other where that is narrower. */
  readonly widest: number;
}

/** What is used of dagre, whose own types do not resolve as modules of Node. */
interface Dagre {
  readonly Graph: new () => {
    setGraph(label: object): void;
    setDefaultEdgeLabel(label: () => object): void;
    setNode(name: string, label: object): void;
    setEdge(from: string, to: string, label: object): void;
    graph(): { readonly width: number; readonly height: number };
    node(name: string): { readonly x: number; readonly y: number };
    edge(from: string, to: string): Pick<PlacedEdge, 'points'>;
  };
  readonly layout: (graph: object) => void;
}

const { Graph, layout } = dagre as unknown as Dagre;

/**
 * Layers by the longest path from the first producers (Sugiyama's method, by dagre): what is read stands before what reads it. Names
 * of an iterated round read each other; one of those edges then points back.
 */
export function layoutGraph({ graph, node, widest }: LayoutRequest): Placed {
  const across = place(graph, node, 'LR');
  if (across.width <= widest) return across;
  const down = place(graph, node, 'TB');
  return down.width < across.width ? down : across;
}

function place({ names, edges }: TaskGraph, node: LayoutRequest['node'], rankdir: 'LR' | 'TB'): Placed {
  const drawn = new Graph();
  drawn.setGraph({ rankdir, nodesep: 14, ranksep: 38, edgesep: 10, marginx: 4, marginy: 4 });
  drawn.setDefaultEdgeLabel(() => ({}));
  for (const name of names) drawn.setNode(name, { ...node });
  for (const [from, to] of edges) drawn.setEdge(from, to, {});
  layout(drawn);
  const { width, height } = drawn.graph();
  const nodes = names.map((name): PlacedNode => {
    const { x, y } = drawn.node(name);
    return { name, x, y };
  });
  return {
    width,
    height,
    nodes,
    layers: layersOf(nodes, rankdir === 'LR' ? 'x' : 'y'),
    edges: edges.map(([from, to]) => {
      const { points } = drawn.edge(from, to);
      return { from, to, points };
    }),
  };
}

function layersOf(nodes: readonly PlacedNode[], along: 'x' | 'y'): readonly (readonly string[])[] {
  const places = [...new Set(nodes.map((node) => node[along]))].sort((a, b) => a - b);
  return places.map((place) => nodes.filter((node) => node[along] === place).map(({ name }) => name));
}
