/** Coefficients a to f of an affine map, as SVG and PDF name them: x' = ax + cy + e, y' = bx + dy + f. */
export type Transform = readonly [number, number, number, number, number, number];

/** The map of an SVG `transform`: the moves, turns (in degrees) and scales that the figures use, the last of which comes first to points. */
export function transformOf(written: string): [number, number, number, number, number, number] {
  let [a, b, c, d, e, f] = [1, 0, 0, 1, 0, 0];
  for (const [, name, inside = ''] of written.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [p, q, r, s, t, u] = stepOf(name!, inside.split(/[ ,]+/).map(Number));
    [a, b, c, d, e, f] = [
      ...[a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s],
      ...[a * t + c * u + e, b * t + d * u + f],
    ] as [number, number, number, number, number, number];
  }
  return [a, b, c, d, e, f];
}

function stepOf(name: string, [first = 0, second]: readonly number[]): Transform {
  switch (name) {
    case 'translate':
      return [1, 0, 0, 1, first, second ?? 0];
    case 'scale':
      return [first, 0, 0, second ?? first, 0, 0];
    case 'rotate': {
      const angle = (first / 180) * Math.PI;
      return [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0];
    }
    default:
      throw new Error(`a figure is moved by '${name}', which no PDF is written of`);
  }
}
