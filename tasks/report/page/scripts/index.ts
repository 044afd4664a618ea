import { chooseImage } from './choose-image.ts';
import { exportFigures } from './export-figures.ts';
import { slideHeatmaps } from './slide-heatmaps.ts';

/** All that the page does by script, each part in a scope of its own. Without script everything is there to be read. */
export const script: string = [chooseImage, slideHeatmaps, exportFigures]
  .map((part) => `{${part}}`)
  .join('\n');
