import { dot, line, ruleX, ruleY } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import { sparsityAxes } from './axes.ts';
import type { Draw } from './draw.ts';
import { lineColour, lineSymbol } from './palette.ts';
import type { SparsityAxis } from './sparsity-axis.ts';
import { signed } from './value-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/** One score of one model in two runs, in the units of the value axis. */
export interface PairedCurves {
  readonly label: string;
  /** Place of the model in the palette. */
  readonly index: number;
  readonly before: readonly RunPoint[];
  readonly after: readonly RunPoint[];
  readonly x: SparsityAxis;
  readonly y: ValueAxis;
}

export interface RunPoint {
  readonly sparsity: number;
  readonly mean: number;
  readonly sweet: boolean;
  /** Shown when pointed at. */
  readonly title: string;
}

/** The first run dashed with hollow marks, the second drawn through with full ones; rings on sweet spots of either. */
export function drawPairedCurves(draw: Draw, request: PairedCurves): Html {
  const { before, after, x, y } = request;
  const colour = lineColour(request.index);
  const symbol = lineSymbol(request.index);
  const at = (point: RunPoint): number => x.place(point.sparsity);
  const rings = (points: readonly RunPoint[]): ReturnType<typeof dot> =>
    dot(
      points.filter(({ sweet }) => sweet),
      { x: at, y: 'mean', r: 6, stroke: colour, strokeWidth: 1.25, fill: 'var(--paper)' },
    );
  return draw(
    framed(
      { x, y, height: 150, sparsityLabels: false, isSigned: false },
      line(before, { x: at, y: 'mean', stroke: colour, strokeWidth: 1.4, strokeDasharray: '4 3' }),
      line(after, { x: at, y: 'mean', stroke: colour, strokeWidth: 1.9 }),
      rings(before),
      rings(after),
      dot(before, {
        ...{ x: at, y: 'mean', r: 2.8, stroke: colour, strokeWidth: 1.3, fill: 'var(--paper)' },
        ...{ symbol, title: 'title' },
      }),
      dot(after, { x: at, y: 'mean', r: 2.8, fill: colour, stroke: 'none', symbol, title: 'title' }),
    ),
    request.label,
  );
}

/** The second run less the first, in the units of the value axis. */
export interface DifferencePoint {
  readonly sparsity: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly isBeyondChance: boolean;
  readonly title: string;
}

export interface DifferencesRequest {
  readonly label: string;
  readonly index: number;
  readonly points: readonly DifferencePoint[];
  readonly x: SparsityAxis;
  readonly y: ValueAxis;
}

/** Intervals about zero: full marks where a difference is beyond chance, hollow ones where it is not. */
export function drawDifferences(draw: Draw, { label, index, points, x, y }: DifferencesRequest): Html {
  const colour = lineColour(index);
  const at = (point: DifferencePoint): number => x.place(point.sparsity);
  const beyond = points.filter(({ isBeyondChance }) => isBeyondChance);
  const within = points.filter(({ isBeyondChance }) => !isBeyondChance);
  const mark = { x: at, y: 'mean', r: 3.2, symbol: lineSymbol(index), title: 'title' } as const;
  return draw(
    framed(
      { x, y, height: 116, sparsityLabels: true, isSigned: true },
      ruleY([0], { stroke: 'var(--quiet)' }),
      ruleX(within, { x: at, y1: 'low', y2: 'high', stroke: 'var(--quiet)', strokeWidth: 1 }),
      ruleX(beyond, { x: at, y1: 'low', y2: 'high', stroke: colour, strokeWidth: 2 }),
      dot(within, { ...mark, stroke: 'var(--quiet)', strokeWidth: 1.2, fill: 'var(--paper)' }),
      dot(beyond, { ...mark, stroke: 'none', fill: colour }),
    ),
    label,
  );
}

type Marks = NonNullable<PlotOptions['marks']>;

interface Frame {
  readonly x: SparsityAxis;
  readonly y: ValueAxis;
  readonly height: number;
  readonly sparsityLabels: boolean;
  readonly isSigned: boolean;
}

function framed({ x, y, height, sparsityLabels, isSigned }: Frame, ...marks: Marks): PlotOptions {
  const ticks = x.ticks(5);
  return {
    ...{ width: 270, height, marginTop: isSigned ? 14 : 8, marginRight: 10, marginLeft: 40 },
    marginBottom: sparsityLabels ? 26 : 8,
    x: { domain: [...x.domain], axis: null },
    y: { domain: [...y.domain], axis: null },
    marks: [
      ...sparsityAxes({
        y,
        ticks,
        sparsityPadding: sparsityLabels ? 11 : undefined,
        ...(isSigned ? { text: (value: number) => signed(y, value) } : {}),
      }),
      ...marks,
    ],
  };
}
