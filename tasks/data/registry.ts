import type { DataAdapter } from '../../engine/contract/data-adapter.ts';
import { boxes } from './boxes.ts';
import { geirhos } from './geirhos.ts';
import { humanDecisions } from './human-decisions.ts';
import { imageFolder } from './image-folder.ts';
import { imageMasks } from './image-masks.ts';
import { imagenet } from './imagenet.ts';
import { shapes } from './shapes.ts';
import { voc } from './voc.ts';

/** The data sets that a study may use. How the worker opens each is in `open.ts`. */
export const dataAdapters: readonly DataAdapter[] = [
  shapes,
  imageFolder,
  imageMasks,
  imagenet,
  voc,
  boxes,
  geirhos,
  humanDecisions,
];
