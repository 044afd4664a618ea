/**
 * What figures are made of. Coordinates are the figure's own: x to the right, y down, the figure within about -1 … 1.
 * Only +, -, *, / and square roots are used, whose results are the same on every machine.
 */
export interface Part {
  readonly paint: Paint;
  readonly contains: (x: number, y: number) => boolean;
  /** Left, top, right, bottom: nothing beyond is inside. */
  readonly bounds: Bounds;
}

/** `body` is textured; `accent`, `dark` and `light` are plain; `hole` shows what is behind the figure. */
export type Paint = 'body' | 'accent' | 'dark' | 'light' | 'hole';

export type Bounds = readonly [left: number, top: number, right: number, bottom: number];

/** @param tilt clockwise, in degrees (see `turn`). */
export function ellipse(
  paint: Paint,
  [cx, cy]: readonly [number, number],
  [rx, ry]: readonly [number, number],
  tilt = 0,
): Part {
  const { cos, sin } = turn(tilt);
  const reach = Math.max(rx, ry);
  return {
    paint,
    bounds: [cx - reach, cy - reach, cx + reach, cy + reach],
    contains: (x, y) => {
      const u = ((x - cx) * cos + (y - cy) * sin) / rx;
      const v = ((y - cy) * cos - (x - cx) * sin) / ry;
      return u * u + v * v <= 1;
    },
  };
}

export function circle(paint: Paint, centre: readonly [number, number], radius: number): Part {
  return ellipse(paint, centre, [radius, radius]);
}

/** The rim of a circle, `width` thick, centred on `radius`. */
export function ring(paint: Paint, [cx, cy]: readonly [number, number], radius: number, width: number): Part {
  const outer = radius + width / 2;
  const inner = radius - width / 2;
  return {
    paint,
    bounds: [cx - outer, cy - outer, cx + outer, cy + outer],
    contains: (x, y) => {
      const distance = (x - cx) * (x - cx) + (y - cy) * (y - cy);
      return distance <= outer * outer && distance >= inner * inner;
    },
  };
}

/** @param points x and y in turn; the last point joins the first. */
export function polygon(paint: Paint, ...points: readonly number[]): Part {
  return {
    paint,
    bounds: boundsOf(points, 0),
    contains: (x, y) => {
      let inside = false;
      let px = points[points.length - 2]!;
      let py = points[points.length - 1]!;
      for (let at = 0; at < points.length; at += 2) {
        const qx = points[at]!;
        const qy = points[at + 1]!;
        if (py > y !== qy > y && x < ((qx - px) * (y - py)) / (qy - py) + px) inside = !inside;
        px = qx;
        py = qy;
      }
      return inside;
    },
  };
}

export function box(paint: Paint, [left, top, right, bottom]: Bounds): Part {
  return {
    paint,
    bounds: [left, top, right, bottom],
    contains: (x, y) => x >= left && x <= right && y >= top && y <= bottom,
  };
}

/** A line through the points, `width` thick, with round ends and joints. */
export function stroke(paint: Paint, width: number, ...points: readonly number[]): Part {
  const radius = width / 2;
  return {
    paint,
    bounds: boundsOf(points, radius),
    contains: (x, y) => {
      for (let at = 0; at + 3 < points.length; at += 2) {
        const px = points[at]!;
        const py = points[at + 1]!;
        if (nearSegment(x - px, y - py, points[at + 2]! - px, points[at + 3]! - py, radius)) return true;
      }
      return false;
    },
  };
}

/** Whether (x, y) is within `radius` of the segment from the origin to (dx, dy). */
function nearSegment(x: number, y: number, dx: number, dy: number, radius: number): boolean {
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length));
  const restX = x - along * dx;
  const restY = y - along * dy;
  return restX * restX + restY * restY <= radius * radius;
}

function boundsOf(points: readonly number[], margin: number): Bounds {
  const xs = points.filter((_, index) => index % 2 === 0);
  const ys = points.filter((_, index) => index % 2 === 1);
  return [
    Math.min(...xs) - margin,
    Math.min(...ys) - margin,
    Math.max(...xs) + margin,
    Math.max(...ys) + margin,
  ];
}

/**
 * A rotation by about `degrees`, from the half-angle formula with the tangent taken as its argument: a true rotation,
 * whose angle is within 1 % of what is asked for up to 40 degrees, without a trigonometric function.
 */
export function turn(degrees: number): { readonly cos: number; readonly sin: number } {
  const t = (degrees * 3.14159265) / 360;
  const scale = 1 + t * t;
  return { cos: (1 - t * t) / scale, sin: (2 * t) / scale };
}
