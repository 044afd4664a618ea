import { colour } from './colour.ts';
import { contrast } from './contrast.ts';
import type { Distortion } from './distortion.ts';
import { eidolon } from './eidolon.ts';
import { falseColour } from './false-colour.ts';
import { highPass } from './high-pass.ts';
import { lowPass } from './low-pass.ts';
import { phaseScrambling } from './phase-scrambling.ts';
import { powerEqualisation } from './power-equalisation.ts';
import { rotation } from './rotation.ts';
import { uniformNoise } from './uniform-noise.ts';

/** The twelve parametric distortions by the names of their sets. */
export const distortions: { readonly [set: string]: Distortion } = {
  colour,
  contrast,
  'high-pass': highPass,
  'low-pass': lowPass,
  'phase-scrambling': phaseScrambling,
  'power-equalisation': powerEqualisation,
  'false-colour': falseColour,
  rotation,
  eidolonI: eidolon,
  eidolonII: eidolon,
  eidolonIII: eidolon,
  'uniform-noise': uniformNoise,
};
