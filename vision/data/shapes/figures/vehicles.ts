import { between, type DrawFigure } from '../figure.ts';
import { box, circle, ellipse, type Part, polygon, ring, stroke } from '../part.ts';

/** Seen from above, nose to the right. */
export const airplane: DrawFigure = (random) => {
  const span = between(random, 0.78, 0.98);
  const sweep = between(random, 0.3, 0.55);
  const width = between(random, 0.11, 0.15);
  const half = (side: 1 | -1): Part[] => [
    polygon(
      'body',
      0.32,
      side * 0.05,
      0.2 - sweep,
      side * span,
      0.02 - sweep,
      side * span,
      -0.18,
      side * 0.05,
    ),
    polygon('body', -0.66, side * 0.04, -0.92, side * 0.36, -1.02, side * 0.36, -0.92, side * 0.04),
    stroke('dark', 0.1, 0.16 - sweep * 0.4, side * span * 0.45, 0.02 - sweep * 0.4, side * span * 0.45),
  ];
  return {
    parts: [
      ...half(1),
      ...half(-1),
      stroke('body', width * 2, -0.86, 0, 0.78, 0),
      ellipse('body', [0.8, 0], [0.22, width * 0.95]),
      ellipse('dark', [0.82, 0], [0.06, width * 0.6]),
    ],
  };
};

export const bicycle: DrawFigure = (random) => {
  const wheel = between(random, 0.37, 0.43);
  const tyre = between(random, 0.09, 0.12);
  const frame = between(random, 0.09, 0.12);
  const [rear, front] = [-0.56, 0.56];
  const handle = between(random, -0.62, -0.5);
  return {
    parts: [
      ring('dark', [rear, 0.36], wheel, tyre),
      ring('dark', [front, 0.36], wheel, tyre),
      stroke('body', frame, rear, 0.36, -0.28, -0.24, 0.3, -0.24, -0.06, 0.36, rear, 0.36),
      stroke('body', frame, -0.06, 0.36, -0.34, -0.42),
      stroke('body', frame, front, 0.36, 0.28, -0.3, 0.24, handle, 0.44, handle - 0.06),
      stroke('dark', 0.14, -0.5, -0.45, -0.22, -0.45),
      circle('dark', [-0.06, 0.36], 0.1),
    ],
  };
};

/** A sailing boat. */
export const boat: DrawFigure = (random) => {
  const deck = between(random, 0.36, 0.46);
  const height = between(random, 0.85, 1);
  const jib = between(random, 0.55, 0.8);
  return {
    parts: [
      stroke('dark', 0.07, -0.06, deck, -0.06, -height),
      polygon('light', 0.0, -height, 0.0, deck - 0.12, 0.72, deck - 0.12),
      polygon('accent', -0.13, -height * 0.85, -0.13, deck - 0.12, -jib, deck - 0.12),
      polygon('body', -0.95, deck, 0.98, deck, 0.7, 0.86, -0.68, 0.86),
      stroke('dark', 0.06, -0.92, deck + 0.03, 0.95, deck + 0.03),
    ],
  };
};

export const car: DrawFigure = (random) => {
  const roof = between(random, -0.48, -0.36);
  const [front, rear] = [between(random, 0.3, 0.45), between(random, -0.6, -0.42)];
  const wheel = between(random, 0.19, 0.23);
  return {
    parts: [
      polygon('body', rear - 0.22, -0.04, rear, roof, front - 0.12, roof, front + 0.2, -0.04),
      polygon('light', rear - 0.08, -0.06, rear + 0.08, roof + 0.09, -0.12, roof + 0.09, -0.12, -0.06),
      polygon('light', -0.03, -0.06, -0.03, roof + 0.09, front - 0.16, roof + 0.09, front + 0.06, -0.06),
      stroke('body', 0.3, -0.84, 0.12, 0.84, 0.14),
      box('body', [-0.98, 0.06, 0.99, 0.32]),
      circle('hole', [-0.56, 0.36], wheel + 0.05),
      circle('hole', [0.56, 0.36], wheel + 0.05),
      circle('dark', [-0.56, 0.34], wheel),
      circle('dark', [0.56, 0.34], wheel),
      circle('light', [-0.56, 0.34], wheel * 0.4),
      circle('light', [0.56, 0.34], wheel * 0.4),
      ellipse('accent', [0.92, 0.08], [0.07, 0.06]),
    ],
  };
};

/** A lorry: a tall load, a lower cab in front. */
export const truck: DrawFigure = (random) => {
  const top = between(random, -0.72, -0.55);
  const cab = between(random, -0.36, -0.22);
  const back = between(random, 0.32, 0.42);
  const wheel = between(random, 0.16, 0.2);
  const wheels = [-0.72, random.chance(0.5) ? -0.34 : 0.08, 0.66];
  return {
    parts: [
      box('dark', [-0.98, 0.3, 0.96, 0.42]),
      box('body', [-1, top, back, 0.32]),
      polygon('accent', back + 0.06, 0.38, back + 0.06, cab, 0.76, cab, 0.98, 0.06, 0.98, 0.38),
      polygon('light', back + 0.16, 0.02, back + 0.16, cab + 0.09, 0.7, cab + 0.09, 0.86, 0.02),
      ...wheels.flatMap((x) => [circle('dark', [x, 0.44], wheel), circle('light', [x, 0.44], wheel * 0.4)]),
    ],
  };
};
