import type { Interval } from '../../vision/statistics/bootstrap.ts';
import { checkControl } from '../../vision/statistics/control-checks.ts';
import type { ControlledValues } from '../../vision/statistics/control-checks.ts';
import { imagesOf, meansOverRuns, sharedItems } from '../readings/align.ts';
import type { ControlReadings } from '../readings/collect-readings.ts';
import type { Reading } from '../readings/reading.ts';
import { seriesOf } from '../readings/series.ts';
import type { Series, SeriesPoint } from '../readings/series.ts';
import type { DecidedControl } from './decision.ts';

/** The same score of what a model is doubted by. */
export interface ControlSeries {
  /** `randomised-weights`, or with the axes that the control alone has: `randomised-weights (layers=1)`. */
  readonly name: string;
  readonly series: Series;
}

/** Every control's lines, once for all decisions. */
export function controlLines(controls: readonly ControlReadings[]): readonly ControlSeries[] {
  return controls.flatMap(({ control, readings }) =>
    seriesOf(readings).map((series) => ({ name: control, series })),
  );
}

/** The controls of one score. */
export function controlsFor(lines: readonly ControlSeries[], of: Series): readonly ControlSeries[] {
  return lines.flatMap(({ name, series }) => {
    const isSame =
      series.measure === of.measure &&
      series.metric === of.metric &&
      series.model === of.model &&
      series.method === of.method &&
      series.set === of.set;
    const own = partsOf(of.variant);
    const parts = partsOf(series.variant);
    // A control that an axis does not reach holds for all of its values, as a common dense model does.
    if (!isSame || !(parts.length === 0 || own.every((part) => parts.includes(part)))) return [];
    const more = parts.filter((part) => !own.includes(part));
    return [{ name: more.length === 0 ? name : `${name} (${more.join(', ')})`, series }];
  });
}

function partsOf(variant: string): readonly string[] {
  return variant === '' ? [] : variant.split(', ');
}

export interface ControlRequest {
  readonly series: Series;
  readonly sparsity: number;
  readonly controls: readonly ControlSeries[];
  readonly confidence: number;
}

/** Asks each control whether the gain at a sparsity says more than it does. */
export function checkControls({
  series,
  sparsity,
  controls,
  confidence,
}: ControlRequest): readonly DecidedControl[] {
  return controls.map(({ name, series: control }): DecidedControl => {
    const meant = readingsAt(series, sparsity);
    const doubted = readingsAt(control, sparsity, meant.position);
    const all = [meant.sparse, meant.dense, doubted.sparse, doubted.dense].flat();
    const items = sharedItems(all);
    const check = checkControl(controlledRuns(meant, doubted, items), {
      sign: series.higherIsBetter ? 1 : -1,
      confidence,
      clusters: imagesOf(all, items),
    });
    const { verdict, images } = check;
    return { control: name, verdict, images, level: told(check.level), gain: told(check.gain) };
  });
}

/** One entry a seed, where the control has the same seeds; else the means over each side's seeds, as of one run. */
function controlledRuns(meant: At, doubted: At, items: readonly string[]): readonly ControlledValues[] {
  const seeds = meant.sparse.map(({ seed }) => seed);
  const ofControl = new Set(doubted.sparse.map(({ seed }) => seed));
  const isPaired = seeds.length === ofControl.size && seeds.every((seed) => ofControl.has(seed));
  const values = (wanted: (reading: Reading) => boolean): ControlledValues => ({
    sparse: meansOverRuns(meant.sparse.filter(wanted), items),
    dense: meansOverRuns(meant.dense.filter(wanted), items),
    controlSparse: meansOverRuns(doubted.sparse.filter(wanted), items),
    controlDense: meansOverRuns(doubted.dense.filter(wanted), items),
  });
  return isPaired ? seeds.map((wanted) => values(({ seed }) => seed === wanted)) : [values(() => true)];
}

interface At {
  readonly sparse: readonly Reading[];
  readonly dense: readonly Reading[];
  readonly position: number | undefined;
}

/** The runs at a sparsity that have a dense model too, and those dense models. */
function readingsAt(series: Series, sparsity: number, position?: number): At {
  const point = series.points.find((one) =>
    position === undefined || one.position === undefined
      ? isSame(one.sparsity, sparsity)
      : one.position === position,
  );
  const denseRuns = series.points.find((one) => isSame(one.sparsity, 0))?.runs ?? [];
  const seedsOf = (runs: SeriesPoint['runs']): ReadonlySet<string> => new Set(runs.map(({ seed }) => seed));
  const [sparseSeeds, denseSeeds] = [seedsOf(point?.runs ?? []), seedsOf(denseRuns)];
  return {
    sparse: point?.runs.filter(({ seed }) => denseSeeds.has(seed)) ?? [],
    dense: denseRuns.filter(({ seed }) => sparseSeeds.has(seed)),
    position: point?.position,
  };
}

function told(interval: Interval | undefined): readonly [number, number, number] | null {
  return interval === undefined ? null : [interval.mean, interval.low, interval.high];
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}
