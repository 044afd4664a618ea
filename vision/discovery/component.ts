/** A box of grid cells, half-open. */
export interface GridBox {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface ComponentRequest {
  readonly isInside: (cell: number) => boolean;
  /** Flat index of a cell that is inside. */
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
}

/** The box around the 4-connected cells that hold `start`. */
export function componentAround({ isInside, start, rows, columns }: ComponentRequest): GridBox {
  let [top, left, bottom, right] = [rows, columns, 0, 0];
  const seen = new Uint8Array(rows * columns);
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
  return { top, left, bottom, right };
}
