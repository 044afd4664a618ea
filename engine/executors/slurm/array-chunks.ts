/**
 * Splits what waits into arrays: items of one shape each, in the order in which they came, at most `largest` to an array.
 * So a wave of N alike tasks is submitted by ceil(N / largest) calls.
 */
export function arrayChunks<T>(
  items: readonly T[],
  shapeOf: (item: T) => string,
  largest: number,
): readonly (readonly T[])[] {
  return byShape(items, shapeOf).flatMap((alike) =>
    Array.from({ length: Math.ceil(alike.length / largest) }, (_, index) =>
      alike.slice(index * largest, (index + 1) * largest),
    ),
  );
}

/** What is alike together, in the order in which it came. */
export function byShape<T>(items: readonly T[], shapeOf: (item: T) => string): readonly (readonly T[])[] {
  const shapes = new Map<string, T[]>();
  for (const item of items) {
    const shape = shapeOf(item);
    const alike = shapes.get(shape);
    if (alike === undefined) shapes.set(shape, [item]);
    else alike.push(item);
  }
  return [...shapes.values()];
}
