import type { Draw } from '../charts/draw.ts';
import type { ScoreRow } from '../data/score-rows.ts';
import type { Html } from '../page/html.ts';
import type { Study } from '../study/study.ts';
import type { FigureName } from './names.ts';

/** One figure of the report. A new one is a file here, a name in `names.ts` and a line in `index.ts`. */
export interface Figure {
  readonly name: FigureName;
  /** Undefined where the study lacks what it shows. */
  readonly render: (study: Study, draw: Draw) => Promise<Section | undefined> | Section | undefined;
}

/** A part of the page that stands in its table of contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** For the table of contents, where the title is long. */
  readonly short?: string;
  readonly body: Html;
  /** Behind its figures, to be taken away with them. */
  readonly data?: readonly ScoreRow[];
}
