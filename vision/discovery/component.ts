/** A box of grid cells, half-open. */
export interface GridBox {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface GridRequest {
  readonly isInside: (cell: number) => boolean;
  readonly rows: number;
  readonly columns: number;
}

export interface ComponentRequest extends GridRequest {
  /** Flat index of a cell that is inside. */
  readonly start: number;
}

/** 4-connected cells that are inside. */
export interface Component {
  readonly box: GridBox;
  readonly size: number;
}

/** The box around the 4-connected cells that hold `start`. */
export function componentAround({ start, ...grid }: ComponentRequest): GridBox {
  return flood(grid, start, new Uint8Array(grid.rows * grid.columns)).box;
}

/** All components, in the order of their first cells. */
export function componentsOf(grid: GridRequest): readonly Component[] {
  const seen = new Uint8Array(grid.rows * grid.columns);
  const found: Component[] = [];
  for (let cell = 0; cell < seen.length; cell++) {
    if (seen[cell] === 0 && grid.isInside(cell)) found.push(flood(grid, cell, seen));
  }
  return found;
}

/** The component of `start`, whose cells are marked in `seen`. */
function flood({ isInside, rows, columns }: GridRequest, start: number, seen: Uint8Array): Component {
  let [top, left, bottom, right, size] = [rows, columns, 0, 0, 0];
  const open = [start];
  seen[start] = 1;
  while (open.length > 0) {
    const cell = open.pop()!;
    const row = Math.floor(cell / columns);
    const column = cell % columns;
    top = Math.min(top, row);
    left = Math.min(left, column);
    bottom = Math.max(bottom, row + 1);
    right = Math.max(right, column + 1);
    size++;
    const neighbours = [
      row > 0 ? cell - columns : -1,
      row + 1 < rows ? cell + columns : -1,
      column > 0 ? cell - 1 : -1,
      column + 1 < columns ? cell + 1 : -1,
    ];
    for (const next of neighbours) {
      if (next < 0 || seen[next] === 1 || !isInside(next)) continue;
      seen[next] = 1;
      open.push(next);
    }
  }
  return { box: { top, left, bottom, right }, size };
}
