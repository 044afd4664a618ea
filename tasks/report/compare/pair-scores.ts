import type { Reading } from '../../readings/reading.ts';
import type { Series, SeriesPoint } from '../../readings/series.ts';
import { isHeadline } from '../study/headline.ts';
import { decisionFor, lineOf, sameSparsity, sweetPoints } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';

/** The same model in both runs, or the two that stand for each other. */
export interface PairedLine {
  readonly before: Line | undefined;
  readonly after: Line | undefined;
  readonly label: string;
  /** Place in the palette. */
  readonly index: number;
}

/** One score of one model in both runs. */
export interface PairedScore {
  readonly line: PairedLine;
  readonly before: Series;
  readonly after: Series;
  readonly points: readonly PairedPoint[];
  /** Sparsities of one run that the other has nothing near. */
  readonly unpaired: number;
  /** Every value of every image is the same. */
  readonly isSame: boolean;
}

export interface PairedPoint {
  readonly before: SeriesPoint;
  readonly after: SeriesPoint;
  readonly sweetBefore: boolean;
  readonly sweetAfter: boolean;
}

export interface PairedScores {
  readonly lines: readonly PairedLine[];
  readonly pairs: readonly PairedScore[];
  readonly onlyBefore: readonly Series[];
  readonly onlyAfter: readonly Series[];
}

/** Two sparsities are the same step of pruning where what is left differs by no more than this share of it. */
const nearlyLeft = 0.01;

/** Finds what both runs scored: the same measure, metric, method and set of the same model, at the same sparsity. */
export function pairScores(before: Study, after: Study): PairedScores {
  const lines = pairLines(before.lines, after.lines);
  const seriesOf = (study: Study): readonly Series[] => study.series.filter(isHeadline);
  const left = new Set(seriesOf(before));
  const onlyAfter: Series[] = [];
  const pairs = seriesOf(after).flatMap((other): PairedScore[] => {
    const line = lines.find((each) => each.after === lineOf(after, other))!;
    const one = [...left].find((each) => lineOf(before, each) === line.before && isSameScore(each, other));
    if (one === undefined) {
      onlyAfter.push(other);
      return [];
    }
    left.delete(one);
    return [pairOf(line, { study: before, series: one }, { study: after, series: other })];
  });
  return { lines, pairs, onlyBefore: [...left], onlyAfter };
}

/** By model and variant; one that is left in each run stands for the other: the study changed its model. */
function pairLines(before: readonly Line[], after: readonly Line[]): readonly PairedLine[] {
  const pairs: Omit<PairedLine, 'index'>[] = after.map((line) => ({
    before: before.find((each) => each.key === line.key),
    after: line,
    label: line.label,
  }));
  const gone = before.filter((line) => !after.some((each) => each.key === line.key));
  const fresh = pairs.filter((pair) => pair.before === undefined);
  const [lone] = gone;
  const [other] = fresh;
  if (lone !== undefined && other?.after !== undefined && gone.length === 1 && fresh.length === 1) {
    const label = `${lone.label} \u2192 ${other.label}`;
    pairs[pairs.indexOf(other)] = { before: lone, after: other.after, label };
  } else pairs.push(...gone.map((line) => ({ before: line, after: undefined, label: line.label })));
  return pairs.map((pair, index) => ({ ...pair, index }));
}

function isSameScore(one: Series, other: Series): boolean {
  return (
    one.measure === other.measure &&
    one.metric === other.metric &&
    one.unit === other.unit &&
    one.method === other.method &&
    one.set === other.set
  );
}

interface Side {
  readonly study: Study;
  readonly series: Series;
}

function pairOf(line: PairedLine, one: Side, other: Side): PairedScore {
  const isSweet = ({ study, series }: Side, { sparsity }: SeriesPoint): boolean =>
    sweetPoints(decisionFor(study, series)).some((point) => sameSparsity(point.sparsity, sparsity));
  const points = other.series.points.flatMap((after): PairedPoint[] => {
    const before = nearest(one.series.points, after);
    // Mutually nearest: no point stands for two.
    if (before === undefined || nearest(other.series.points, before) !== after) return [];
    return [{ before, after, sweetBefore: isSweet(one, before), sweetAfter: isSweet(other, after) }];
  });
  const unpaired = one.series.points.length + other.series.points.length - 2 * points.length;
  return {
    line,
    before: one.series,
    after: other.series,
    points,
    unpaired,
    isSame: unpaired === 0 && points.every(({ before, after }) => sameRuns(before.runs, after.runs)),
  };
}

function nearest(points: readonly SeriesPoint[], to: SeriesPoint): SeriesPoint | undefined {
  const distance = ({ sparsity }: SeriesPoint): number => Math.abs(sparsity - to.sparsity);
  const found = points.reduce<SeriesPoint | undefined>(
    (best, point) => (best === undefined || distance(point) < distance(best) ? point : best),
    undefined,
  );
  if (found === undefined) return undefined;
  // The dense model is a model of its own, however little the first step cuts.
  if ((found.sparsity === 0) !== (to.sparsity === 0)) return undefined;
  return distance(found) <= nearlyLeft * (1 - to.sparsity) + 1e-6 ? found : undefined;
}

function sameRuns(before: readonly Reading[], after: readonly Reading[]): boolean {
  return (
    before.length === after.length &&
    before.every((one) => {
      const other = after.find(({ seed }) => seed === one.seed);
      return (
        other !== undefined &&
        one.items.length === other.items.length &&
        one.items.every((item, i) => item === other.items[i] && one.values[i] === other.values[i])
      );
    })
  );
}
