import type { TaskKind } from '../engine/contract/task-kind.ts';
import { attribute } from './attribute/index.ts';
import { checkImages } from './check-images/index.ts';
import { command } from './command/index.ts';
import { compareHumans } from './compare-humans/index.ts';
import { corloc } from './corloc/index.ts';
import { evaluate } from './evaluate/index.ts';
import { exportKind } from './export/index.ts';
import { figures } from './figures/index.ts';
import { importKind } from './import/index.ts';
import { localise } from './localise/index.ts';
import { lost } from './lost/index.ts';
import { matchAccuracy } from './match-accuracy/index.ts';
import { pruneKind } from './prune/index.ts';
import { randomise } from './randomise/index.ts';
import { report } from './report/index.ts';
import { results } from './results/index.ts';
import { sweetSpots } from './sweet-spots/index.ts';
import { trainKind } from './train/index.ts';

/** Everything that a node of a study can do. `pool` is the engine's own. */
export const taskKinds: readonly TaskKind[] = [
  checkImages,
  importKind,
  trainKind,
  pruneKind,
  exportKind,
  randomise,
  attribute,
  localise,
  lost,
  corloc,
  evaluate,
  matchAccuracy,
  compareHumans,
  sweetSpots,
  results,
  report,
  figures,
  command,
];
