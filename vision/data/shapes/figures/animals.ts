import type { Random } from '../../../random/random.ts';
import { between, type DrawFigure } from '../figure.ts';
import { circle, ellipse, type Part, polygon, stroke } from '../part.ts';

/** Heavy, round-eared, standing. */
export const bear: DrawFigure = (random) => {
  const headY = between(random, -0.28, -0.02);
  const head = between(random, 0.27, 0.32);
  return {
    parts: [
      ...legs(random, { at: [-0.58, -0.34, 0.26, 0.5], from: 0.1, to: 0.74, width: 0.25 }),
      ellipse('body', [-0.1, -0.02], [0.72, 0.43]),
      ellipse('body', [0.3, -0.12], [0.42, 0.42]),
      circle('body', [-0.8, -0.08], 0.1),
      circle('body', [0.56, headY - head * 0.9], 0.1),
      circle('body', [0.82, headY - head * 0.85], 0.09),
      circle('body', [0.7, headY], head),
      ellipse('accent', [0.94, headY + 0.09], [0.16, 0.12]),
      circle('dark', [1.04, headY + 0.04], 0.06),
      circle('dark', [0.76, headY - 0.07], 0.05),
    ],
  };
};

/** Perched, in profile. */
export const bird: DrawFigure = (random) => {
  const tilt = between(random, 18, 34);
  const head = between(random, 0.24, 0.29);
  const beak = between(random, 0.2, 0.32);
  const wing = between(random, 0.2, 0.26);
  return {
    parts: [
      stroke('dark', 0.07, -0.08, 0.4, -0.04, 0.86, 0.12, 0.86),
      stroke('dark', 0.07, 0.1, 0.4, 0.16, 0.82, 0.32, 0.82),
      polygon('body', -0.35, 0.06, -1, 0.42, -0.92, 0.66, -0.2, 0.46),
      ellipse('body', [-0.02, 0.14], [0.58, 0.38], -tilt),
      circle('body', [0.46, -0.4], head),
      ellipse('body', [0.32, -0.18], [0.3, 0.26], -50),
      polygon('accent', 0.46 + head * 0.8, -0.52, 0.46 + head + beak, -0.38, 0.46 + head * 0.8, -0.3),
      ellipse('accent', [-0.14, 0.14], [0.42, wing], -tilt - 4),
      circle('dark', [0.52, -0.45], 0.06),
    ],
  };
};

/** Sitting, seen from the front. */
export const cat: DrawFigure = (random) => {
  const ear = between(random, -0.98, -0.86);
  const side = random.chance(0.5) ? 1 : -1;
  const reach = between(random, 0.66, 0.82);
  const head = between(random, 0.33, 0.38);
  return {
    parts: [
      stroke(
        'body',
        0.15,
        side * 0.2,
        0.8,
        side * reach,
        0.72,
        side * reach,
        0.24,
        side * (reach - 0.16),
        0.1,
      ),
      ellipse('body', [0, 0.5], [0.44, 0.46]),
      ellipse('body', [0, 0.12], [0.28, 0.36]),
      ellipse('body', [-0.22, 0.86], [0.2, 0.12]),
      ellipse('body', [0.22, 0.86], [0.2, 0.12]),
      polygon('body', -0.38, -0.48, -0.4, ear, -0.06, -0.72),
      polygon('body', 0.38, -0.48, 0.4, ear, 0.06, -0.72),
      ellipse('body', [0, -0.42], [head + 0.04, head]),
      ellipse('light', [0, -0.3], [0.15, 0.11]),
      circle('dark', [-0.16, -0.48], 0.065),
      circle('dark', [0.16, -0.48], 0.065),
      polygon('dark', -0.06, -0.36, 0.06, -0.36, 0, -0.28),
    ],
  };
};

/** Slender, standing, floppy-eared, the tail raised. */
export const dog: DrawFigure = (random) => {
  const tail = between(random, -0.62, -0.3);
  const headY = between(random, -0.52, -0.42);
  const body = between(random, 0.21, 0.26);
  return {
    parts: [
      stroke('body', 0.11, -0.62, -0.06, -0.8, -0.22, -0.92, tail),
      ...legs(random, { at: [-0.58, -0.44, 0.28, 0.42], from: 0, to: 0.84, width: 0.13 }),
      ellipse('body', [-0.36, 0.0], [0.34, body]),
      ellipse('body', [0.22, -0.02], [0.34, body + 0.05]),
      stroke('body', 0.4, -0.36, -0.02, 0.3, -0.04),
      stroke('body', 0.27, 0.36, -0.08, 0.54, headY),
      ellipse('body', [0.6, headY], [0.24, 0.19]),
      stroke('body', 0.17, 0.66, headY + 0.06, 0.92, headY + 0.08),
      ellipse('accent', [0.44, headY + 0.1], [0.1, 0.23], 12),
      circle('dark', [0.98, headY + 0.04], 0.07),
      circle('dark', [0.68, headY - 0.05], 0.045),
    ],
  };
};

/** Big-eared, the trunk hanging. */
export const elephant: DrawFigure = (random) => {
  const swing = between(random, -0.08, 0.18);
  const ear = between(random, 0.27, 0.33);
  return {
    parts: [
      stroke('body', 0.07, -0.76, -0.16, -0.92, 0.16),
      ...legs(random, { at: [-0.6, -0.34, 0.08, 0.32], from: 0.1, to: 0.78, width: 0.24 }),
      ellipse('body', [-0.16, -0.08], [0.66, 0.48]),
      ellipse('body', [0.52, -0.26], [0.32, 0.34]),
      stroke('body', 0.22, 0.74, -0.26, 0.9, 0.06),
      stroke('body', 0.17, 0.88, 0, 0.92, 0.36, 0.88 + swing, 0.7),
      stroke('light', 0.08, 0.68, 0.06, 0.82, 0.2, 1.02, 0.2),
      ellipse('accent', [0.34, -0.22], [ear, ear + 0.1], 12),
      circle('dark', [0.7, -0.3], 0.05),
    ],
  };
};

/** Four legs, the far ones (second and fourth) a little shorter; each foot steps by chance. */
function legs(
  random: Random,
  leg: { readonly at: readonly number[]; readonly from: number; readonly to: number; readonly width: number },
): Part[] {
  return leg.at.map((x, index) => {
    const foot = x + between(random, -0.1, 0.1);
    const bottom = leg.to - (index % 2) * 0.06;
    return stroke('body', leg.width, x, leg.from, foot, bottom);
  });
}
