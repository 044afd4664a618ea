/**
 * Log-spaced coordinates of every offset within a window (Liu et al. 2022, equation 4): sign(c) log2(|c| + 1) / 3 with c the
 * offset over its largest value, times 8. Each step is rounded to float32, as PyTorch does it.
 * @param window - rows and columns, in tokens
 * @returns [2 rows - 1, 2 columns - 1, 2]: along height, then along width
 */
export function relativeCoordinates([rows, columns]: readonly [number, number]): Float32Array {
  const table = new Float32Array((2 * rows - 1) * (2 * columns - 1) * 2);
  let at = 0;
  for (let row = 1 - rows; row < rows; row += 1)
    for (let column = 1 - columns; column < columns; column += 1) {
      table[at++] = coordinate(row, rows - 1);
      table[at++] = coordinate(column, columns - 1);
    }
  return table;
}

function coordinate(offset: number, largest: number): number {
  // The only offset in a window of one token.
  if (largest === 0) return 0;
  const scaled = Math.fround(Math.fround(offset / largest) * 8);
  const distance = Math.fround(Math.log2(Math.fround(Math.abs(scaled) + 1)));
  return Math.fround((Math.sign(scaled) * distance) / 3);
}

/**
 * For each pair of a window's tokens (query, then key), which offset of the table they have.
 * @param window - rows and columns, in tokens
 * @returns [tokens x tokens]
 */
export function relativePositions([rows, columns]: readonly [number, number]): Int32Array {
  const tokens = rows * columns;
  return Int32Array.from({ length: tokens * tokens }, (_, pair) => {
    const query = Math.floor(pair / tokens);
    const key = pair % tokens;
    const down = Math.floor(query / columns) - Math.floor(key / columns) + rows - 1;
    const right = (query % columns) - (key % columns) + columns - 1;
    return down * (2 * columns - 1) + right;
  });
}
