/** A region of a picture: which pixels belong to it, row by row. */
export interface Region {
  readonly width: number;
  readonly height: number;
  readonly isInside: (pixel: number) => boolean;
}

/**
 * The border of a region as an SVG path along the edges of its pixels, in pixels of the picture; empty for an empty region. Filled by the
 * even-odd rule it covers the region's pixels and no other: holes are loops of their own.
 */
export function outlineOf({ width, height, isInside }: Region): string {
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && isInside(y * width + x);
  // Edges with the region on their right, by where they begin: at most two at a corner where pixels touch.
  const edges = new Map<number, number[]>();
  const corner = (x: number, y: number): number => y * (width + 1) + x;
  const add = (from: number, to: number): void => {
    edges.set(from, [...(edges.get(from) ?? []), to]);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      if (!inside(x, y - 1)) add(corner(x, y), corner(x + 1, y));
      if (!inside(x + 1, y)) add(corner(x + 1, y), corner(x + 1, y + 1));
      if (!inside(x, y + 1)) add(corner(x + 1, y + 1), corner(x, y + 1));
      if (!inside(x - 1, y)) add(corner(x, y + 1), corner(x, y));
    }
  }
  const loops: string[] = [];
  for (const [start, leaving] of edges) while (leaving.length > 0) loops.push(loop(edges, start, width + 1));
  return loops.join('');
}

/** Takes edges until they lead back, and writes the corners where they turn. */
function loop(edges: ReadonlyMap<number, number[]>, start: number, stride: number): string {
  let path = `M${start % stride} ${Math.floor(start / stride)}`;
  let direction = 0;
  let at = start;
  do {
    const next = edges.get(at)!.pop()!;
    const step = next - at;
    if (at !== start && step !== direction) path += turn(at, direction, stride);
    direction = step;
    at = next;
  } while (at !== start);
  return `${path}Z`;
}

function turn(at: number, direction: number, stride: number): string {
  return Math.abs(direction) === 1 ? `H${at % stride}` : `V${Math.floor(at / stride)}`;
}
