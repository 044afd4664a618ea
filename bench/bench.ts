import type { Samples } from './measure/samples.ts';
import type { Options } from './options.ts';
import type { Contestant } from './peers/contestant.ts';

/** What every table is made with. */
export interface Bench {
  readonly options: Options;
  readonly samples: Samples;
  readonly ours: Contestant;
  readonly peers: readonly Contestant[];
  /** Onto the terminal and into the report: Markdown. */
  readonly print: (text: string) => void;
}
