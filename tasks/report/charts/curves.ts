import { areaY, dot, line, ruleX, ruleY, text } from '@observablehq/plot';
import type { Markish } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import type { Door } from '../study/doors.ts';
import { sparsityAxes } from './axes.ts';
import { doored } from './door-marks.ts';
import type { Draw } from './draw.ts';
import { lineColour, lineDash, lineSymbol } from './palette.ts';
import type { SparsityAxis } from './sparsity-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/** One model's score against sparsity. */
export interface Curve {
  /** Place in the palette. */
  readonly index: number;
  readonly points: readonly CurvePoint[];
  /** Where a value is still to come. */
  readonly holes?: readonly CurveHole[];
}

export interface CurveHole {
  readonly sparsity: number;
  /** Shown when pointed at. */
  readonly title: string;
}

export interface CurvePoint {
  readonly sparsity: number;
  /** In the units of the value axis. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Shown when pointed at. */
  readonly title: string;
  readonly sweet: boolean;
  /** A sweet spot that fails a control. */
  readonly doubted: boolean;
  /** Interval over images; undefined where there is none. */
  readonly images: readonly [number, number] | undefined;
  /** What it rests on. */
  readonly door: Door | undefined;
}

export interface CurvesRequest {
  readonly label: string;
  readonly curves: readonly Curve[];
  readonly x: SparsityAxis;
  readonly y: ValueAxis;
  readonly width: number;
  readonly height: number;
  /** What people reach, across the whole chart, in the units of the value axis. */
  readonly reference?: number;
  /** False for all but the lowest of charts that stand on top of each other. */
  readonly sparsityLabels?: boolean;
}

/**
 * Lines of means, bands from the lowest to the highest seed, bars over images, rings on sweet spots (broken where a control
 * fails), and the dense score as a dotted line.
 */
export function drawCurves(draw: Draw, request: CurvesRequest): Html {
  const { curves, x, y, width, height, reference, sparsityLabels = true } = request;
  const ticks = x.ticks(Math.max(3, Math.round(draw.width(width) / 52)));
  const options = {
    width,
    height,
    marginTop: 8,
    marginRight: 10,
    marginBottom: sparsityLabels ? 22 : 8,
    marginLeft: 38,
    x: { domain: [...x.domain], axis: null },
    y: { domain: [...y.domain], axis: null },
    marks: [
      ...sparsityAxes({ y, ticks, sparsityPadding: sparsityLabels ? 7 : undefined }),
      ...(reference === undefined ? [] : peopleMarks(reference)),
      ...curves.flatMap((curve) => marksOf(curve, x)),
      ...curves.map((curve) => holesOf(curve, x, y)),
    ],
  };
  return draw(options, request.label);
}

function peopleMarks(level: number): Markish[] {
  return [
    ruleY([level], { stroke: 'var(--quiet)', strokeWidth: 1.25, strokeDasharray: '6 3' }),
    text([level], {
      y: level,
      text: ['people'],
      frameAnchor: 'right',
      textAnchor: 'end',
      dy: -7,
      fill: 'var(--quiet)',
      stroke: 'var(--paper)',
      strokeWidth: 3,
    }),
  ];
}

function marksOf({ index, points }: Curve, x: SparsityAxis): Markish[] {
  const colour = lineColour(index);
  const at = (point: CurvePoint): number => x.place(point.sparsity);
  const dense = points.find((point) => point.sparsity === 0);
  const spread = points.some((point) => point.high > point.low);
  return [
    dense === undefined
      ? null
      : ruleY([dense.mean], {
          stroke: colour,
          strokeDasharray: '1 4',
          strokeLinecap: 'round',
          strokeWidth: 1.25,
        }),
    spread ? areaY(points, { x: at, y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.16 }) : null,
    line(points, {
      x: at,
      y: 'mean',
      stroke: colour,
      strokeWidth: 1.75,
      strokeLinejoin: 'round',
      ...lineDash(index),
    }),
    ruleX(
      points.filter((point) => point.images !== undefined),
      {
        x: at,
        y1: (point: CurvePoint) => point.images![0],
        y2: (point: CurvePoint) => point.images![1],
        stroke: colour,
        strokeOpacity: 0.35,
      },
    ),
    dot(
      points.filter((point) => point.sweet && !point.doubted),
      { x: at, y: 'mean', r: 5.5, stroke: colour, strokeWidth: 1.5, fill: 'var(--paper)' },
    ),
    dot(
      points.filter((point) => point.sweet && point.doubted),
      {
        x: at,
        y: 'mean',
        r: 5.5,
        stroke: colour,
        strokeWidth: 1.5,
        strokeDasharray: '2 2',
        fill: 'var(--paper)',
      },
    ),
    dot(points, {
      x: at,
      y: 'mean',
      r: 2.6,
      fill: colour,
      stroke: 'none',
      symbol: lineSymbol(index),
      title: 'title',
      ...doored(points),
    }),
  ];
}

/** A hollow mark at the foot of the chart for each value that is still to come; those of other lines stand above it. */
function holesOf({ index, holes = [] }: Curve, x: SparsityAxis, y: ValueAxis): Markish {
  if (holes.length === 0) return null;
  return dot(holes, {
    x: (hole: CurveHole) => x.place(hole.sparsity),
    y: y.domain[0],
    dy: -5 - 7 * index,
    r: 2.2,
    stroke: lineColour(index),
    strokeOpacity: 0.6,
    fill: 'none',
    symbol: lineSymbol(index),
    title: 'title',
  });
}
