import { between, type DrawFigure } from '../figure.ts';
import { box, circle, ellipse, type Part, polygon, ring, stroke, turn } from '../part.ts';

export const bottle: DrawFigure = (random) => {
  const width = between(random, 0.28, 0.38);
  const neck = between(random, 0.1, 0.14);
  const shoulder = between(random, -0.34, -0.12);
  return {
    parts: [
      box('body', [-neck, -0.92, neck, shoulder]),
      ellipse('body', [0, shoulder + 0.12], [width, 0.3]),
      box('body', [-width, shoulder + 0.1, width, 0.94]),
      box('accent', [-neck - 0.03, -1, neck + 0.03, -0.8]),
      box('light', [-width, 0.28, width, 0.62]),
    ],
  };
};

/** Seen from the side and a little from the front. */
export const chair: DrawFigure = (random) => {
  const top = between(random, -1, -0.85);
  const seat = between(random, 0.08, 0.2);
  const leg = between(random, 0.1, 0.14);
  const slats = random.chance(0.5);
  return {
    parts: [
      stroke('dark', leg, -0.22, seat, -0.22, 0.72),
      stroke('dark', leg, 0.54, seat, 0.54, 0.72),
      polygon('body', -0.5, seat, -0.2, seat - 0.16, 0.62, seat - 0.16, 0.5, seat + 0.12, -0.5, seat + 0.12),
      polygon('body', -0.52, seat, -0.58, top, -0.24, top - 0.02, -0.22, seat - 0.14),
      ...(slats ? [box('hole', [-0.47, top + 0.2, -0.31, -0.14])] : []),
      stroke('body', leg, -0.46, seat, -0.5, 0.94),
      stroke('body', leg, 0.42, seat, 0.44, 0.94),
    ],
  };
};

/** A wall clock, or one with two bells and feet. */
export const clock: DrawFigure = (random) => {
  const alarm = random.chance(0.45);
  const radius = alarm ? 0.72 : between(random, 0.84, 0.94);
  const [hour, minute] = [turn(between(random, -150, 150)), turn(between(random, -150, 150))];
  const bells: Part[] = [
    ellipse('accent', [-0.46, -0.72], [0.3, 0.2], -40),
    ellipse('accent', [0.46, -0.72], [0.3, 0.2], 40),
    stroke('dark', 0.14, -0.42, 0.56, -0.6, 0.92),
    stroke('dark', 0.14, 0.42, 0.56, 0.6, 0.92),
  ];
  const marks = [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ] as const;
  return {
    parts: [
      ...(alarm ? bells : []),
      circle('body', [0, 0], radius),
      circle('light', [0, 0], radius * 0.68),
      ...marks.map(([x, y]) => circle('dark', [x * radius * 0.56, y * radius * 0.56], 0.06)),
      stroke('dark', 0.11, 0, 0, hour.sin * radius * 0.36, -hour.cos * radius * 0.36),
      stroke('dark', 0.08, 0, 0, minute.sin * radius * 0.54, -minute.cos * radius * 0.54),
      ring('dark', [0, 0], radius, 0.06),
    ],
  };
};

/** Rows of keys on a slab, leaning back. */
export const keyboard: DrawFigure = (random) => {
  const lean = between(random, 0, 0.16);
  const depth = between(random, 0.36, 0.46);
  const columns = 7 + random.integer(3);
  const rows = 3;
  const at = (column: number, row: number): [number, number] => {
    const v = row / (rows + 1.1);
    const half = 1 - lean * (1 - v);
    return [((column / columns) * 2 - 1) * half * 0.93, depth * (2 * v - 1) * 0.84 + 0.03];
  };
  const key = (from: number, to: number, row: number): Part => {
    const [left, top] = at(from + 0.14, row + 0.14);
    const [right, bottom] = at(to - 0.14, row + 0.86);
    return box('light', [left, top, right, bottom]);
  };
  const keys = Array.from({ length: rows * columns }, (_, index) => {
    const column = index % columns;
    return key(column, column + 1, (index - column) / columns);
  });
  return {
    parts: [
      polygon('body', lean - 1, -depth, 1 - lean, -depth, 1, depth, -1, depth),
      ...keys,
      key(columns * 0.25, columns * 0.75, rows),
    ],
  };
};

/** The blade to the right. */
export const knife: DrawFigure = (random) => {
  const blade = between(random, 0.15, 0.22);
  const guard = between(random, -0.3, -0.12);
  const tip = between(random, 0.45, 0.7);
  return {
    parts: [
      polygon('body', guard, -blade, tip, -blade, 0.86, -blade * 0.4, 1, blade * 0.7, guard, blade),
      stroke('accent', 0.26, -0.86, 0.02, guard - 0.1, -0.02),
      box('dark', [guard - 0.06, -blade - 0.05, guard + 0.03, blade + 0.05]),
      circle('light', [-0.76, 0.02], 0.05),
      circle('light', [-0.5, 0], 0.05),
    ],
  };
};

/** A cooker from the front: knobs above, the door with its window and handle below. */
export const oven: DrawFigure = (random) => {
  const width = between(random, 0.72, 0.86);
  const panel = between(random, -0.5, -0.42);
  const knobs = 3 + random.integer(2);
  const margin = between(random, 0.18, 0.26);
  return {
    parts: [
      box('body', [-width, -0.88, width, 0.84]),
      box('dark', [-width, 0.84, -width + 0.16, 0.96]),
      box('dark', [width - 0.16, 0.84, width, 0.96]),
      box('dark', [-width, panel, width, panel + 0.05]),
      ...Array.from({ length: knobs }, (_, index) =>
        circle('light', [((index + 0.5) / knobs - 0.5) * width * 1.8, (panel - 0.88) / 2], 0.11),
      ),
      stroke('light', 0.08, -width + margin, panel + 0.2, width - margin, panel + 0.2),
      box('dark', [-width + margin, panel + 0.38, width - margin, 0.62]),
    ],
  };
};
