/** The figures a report can show, in the order of the page. */
export const figureNames = [
  'heatmaps',
  'localisation',
  'discovery',
  'sets',
  'conditions',
  'shape-bias',
  'people',
  'sweet-spots',
] as const;

export type FigureName = (typeof figureNames)[number];
