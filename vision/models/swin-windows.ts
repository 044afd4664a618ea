/** How a map of tokens is cut into windows, as lists of rows for `rearrangeRows`. */
export interface WindowPlan {
  readonly windows: number;
  /** For each window's tokens, the map's token that goes there; -1 where the map was padded. */
  readonly cut: readonly number[];
  /** For each of the map's tokens, where it lies among the windows' tokens. */
  readonly join: readonly number[];
  /** [windows, tokens, tokens]: 0 for tokens that see each other, -100 for those the shift only brought together. */
  readonly mask: Float32Array<ArrayBuffer> | undefined;
}

type Extent = readonly [number, number];

/** `planWindows` for windows of one size, each plan made once. */
export function windowPlans(window: Extent): (map: Extent, shift: Extent) => WindowPlan {
  const plans = new Map<string, WindowPlan>();
  return (map, shift) => {
    const key = [...map, ...shift].join(' ');
    const plan = plans.get(key) ?? planWindows(map, { window, shift });
    plans.set(key, plan);
    return plan;
  };
}

/**
 * The windows of a map (Liu et al. 2021, section 3.2): padded below and to the right to whole windows, shifted cyclically
 * to the upper left. Along an axis where one window covers everything, nothing is shifted.
 * @param map - its height and width, in tokens
 * @param shift - of the windows, in tokens
 */
function planWindows(
  map: Extent,
  { window, shift }: { readonly window: Extent; readonly shift: Extent },
): WindowPlan {
  const [rows, columns] = [0, 1].map((axis) =>
    planAxis({ length: map[axis]!, window: window[axis]!, shift: shift[axis]! }),
  ) as [AxisPlan, AxisPlan];
  const windows = rows.windows * columns.windows;
  const tokens = window[0] * window[1];
  const cut: number[] = [];
  const regions: number[] = [];
  const join = new Array<number>(map[0] * map[1]).fill(0);
  for (let index = 0; index < windows * tokens; index += 1) {
    const place = Math.floor(index / tokens);
    const within = index % tokens;
    const row = Math.floor(place / columns.windows) * window[0] + Math.floor(within / window[1]);
    const column = (place % columns.windows) * window[1] + (within % window[1]);
    const [y, x] = [rows.sources[row]!, columns.sources[column]!];
    const token = y < 0 || x < 0 ? -1 : y * map[1] + x;
    cut.push(token);
    if (token >= 0) join[token] = index;
    regions.push(rows.regions[row]! * 3 + columns.regions[column]!);
  }
  const shifted = rows.shifted || columns.shifted;
  return { windows, cut, join, mask: shifted ? maskOf(regions, { windows, tokens }) : undefined };
}

interface AxisPlan {
  readonly windows: number;
  readonly shifted: boolean;
  /** For each position after padding and shifting, the one before; -1 for padding. */
  readonly sources: readonly number[];
  /** Positions of different regions are no neighbours. */
  readonly regions: readonly number[];
}

function planAxis({
  length,
  window,
  shift: wanted,
}: {
  readonly length: number;
  readonly window: number;
  readonly shift: number;
}): AxisPlan {
  const windows = Math.ceil(length / window);
  const padded = windows * window;
  const shift = windows === 1 ? 0 : wanted;
  const positions = Array.from({ length: padded }, (_, position) => position);
  return {
    windows,
    shifted: shift > 0,
    sources: positions.map((position) => {
      const source = (position + shift) % padded;
      return source < length ? source : -1;
    }),
    regions: positions.map((position) => {
      if (shift === 0 || position < padded - window) return 0;
      return position < padded - shift ? 1 : 2;
    }),
  };
}

function maskOf(
  regions: readonly number[],
  { windows, tokens }: { readonly windows: number; readonly tokens: number },
): Float32Array<ArrayBuffer> {
  const mask = new Float32Array(windows * tokens * tokens);
  for (let index = 0; index < mask.length; index += 1) {
    const query = Math.floor(index / tokens);
    const key = Math.floor(query / tokens) * tokens + (index % tokens);
    if (regions[query] !== regions[key]) mask[index] = -100;
  }
  return mask;
}

/**
 * The tokens that patch merging brings together, in fours: for each cell of half the map (padded to even sides), rows 0 and
 * 1 of column 0, then of column 1; -1 where the map was padded.
 */
export function planMerging([height, width]: Extent): {
  readonly rows: number;
  readonly columns: number;
  readonly sources: readonly number[];
} {
  const rows = Math.ceil(height / 2);
  const columns = Math.ceil(width / 2);
  const sources: number[] = [];
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      for (const [down, right] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        const [y, x] = [2 * row + down, 2 * column + right];
        sources.push(y < height && x < width ? y * width + x : -1);
      }
  return { rows, columns, sources };
}
