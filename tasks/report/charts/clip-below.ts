export interface Placed {
  readonly at: number;
  readonly value: number;
}

/**
 * The parts of a line that lie on or above a floor, each ending where the line crosses it. By hand, since a clip path needs a
 * name, and names would depend on what was drawn before.
 */
export function clipBelow(points: readonly Placed[], floor: number): readonly (readonly Placed[])[] {
  const parts: Placed[][] = [];
  points.forEach((point, i) => {
    const before = points[i - 1];
    const inside = point.value >= floor;
    if (before !== undefined && before.value >= floor !== inside) {
      const share = (floor - before.value) / (point.value - before.value);
      const crossing = { at: before.at + share * (point.at - before.at), value: floor };
      if (inside) parts.push([crossing]);
      else parts.at(-1)!.push(crossing);
    } else if (before === undefined && inside) parts.push([]);
    if (inside) parts.at(-1)!.push(point);
  });
  return parts;
}
