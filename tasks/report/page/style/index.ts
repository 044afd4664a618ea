import { charts } from './charts.ts';
import { colours } from './colours.ts';
import { compare } from './compare.ts';
import { doors } from './doors.ts';
import { heatmapFigure } from './heatmaps.ts';
import { layout } from './layout.ts';
import { methodsStyle } from './methods.ts';
import { narrow } from './narrow.ts';
import { pictureStyle } from './picture.ts';
import { print } from './print.ts';
import { provenance } from './provenance.ts';
import { tables } from './tables.ts';
import { typography } from './typography.ts';

/** The style sheet of the page: light and dark on screen, light in print. What fits parts to small windows and to paper comes last. */
export function styleSheet(): string {
  return [
    `:root{color-scheme:light dark;${colours('light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${colours('dark')}}}`,
    typography,
    layout,
    tables,
    charts,
    pictureStyle,
    heatmapFigure,
    provenance,
    compare,
    doors,
    methodsStyle,
    narrow,
    print,
  ].join('\n');
}
