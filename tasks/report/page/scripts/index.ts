import { chooseImage } from './choose-image.ts';
import { copyMethods } from './copy-methods.ts';
import { doors } from './doors/index.ts';
import { exportFigures } from './export-figures.ts';
import { scrollByKey } from './scroll-by-key.ts';
import { slideHeatmaps } from './slide-heatmaps.ts';

/** All that the page does by script, each part in a scope of its own. Without script everything is there to be read. */
export const script: string = [chooseImage, slideHeatmaps, exportFigures, doors, copyMethods, scrollByKey]
  .map((part) => `{${part}}`)
  .join('\n');
