import { conditions } from './conditions.ts';
import { discovery } from './discovery.ts';
import type { Figure } from './figure.ts';
import { heatmaps } from './heatmaps.ts';
import { localisation } from './localisation.ts';
import { people } from './people.ts';
import { sets } from './sets.ts';
import { shapeBias } from './shape-bias.ts';
import { sweetSpotsFigure } from './sweet-spots.ts';

/** In the order of the page. */
export const figures: readonly Figure[] = [
  heatmaps,
  localisation,
  discovery,
  sets,
  conditions,
  shapeBias,
  people,
  sweetSpotsFigure,
];
