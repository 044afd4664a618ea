import { areaY, dot, line, ruleX, ruleY, text } from '@observablehq/plot';
import type { DotOptions, Markish } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import type { MeanGain } from '../study/gains.ts';
import type { Door } from '../study/doors.ts';
import { sparsityAxes } from './axes.ts';
import { clipBelow } from './clip-below.ts';
import type { Placed } from './clip-below.ts';
import { doored } from './door-marks.ts';
import type { Draw } from './draw.ts';
import { lineColour, lineSymbol } from './palette.ts';
import type { SparsityAxis } from './sparsity-axis.ts';
import { signed } from './value-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/** Gains of several scores over the dense model, in the units of the value axis. */
export interface GainChartRequest {
  readonly label: string;
  /** Place in the palette. */
  readonly index: number;
  readonly mean: readonly (MeanGain & { readonly title: string; readonly door: Door | undefined })[];
  /** The single scores, drawn behind; none where the mean is over one. */
  readonly singles: readonly SingleGains[];
  readonly rings: readonly GainRing[];
  /** Stands in the chart where there is no best ring. */
  readonly remark: string | undefined;
  readonly x: SparsityAxis;
  readonly y: ValueAxis;
  readonly width: number;
  readonly height: number;
  /** False where another chart with the same axis stands below. */
  readonly sparsityLabels: boolean;
}

export interface SingleGains {
  readonly points: readonly { readonly sparsity: number; readonly gain: number }[];
}

/** A sweet spot of a single score. */
export interface GainRing {
  readonly sparsity: number;
  readonly gain: number;
  readonly doubted: boolean;
  readonly door: Door | undefined;
  readonly title: string;
  /** Stands beside the ring, which is then the larger one. */
  readonly note?: string;
}

/** A heavy line for the mean with its band and bars, faint ones for the single scores, rings on sweet spots, and the dense model as zero. */
export function drawGainChart(draw: Draw, request: GainChartRequest): Html {
  const { x, y, width, height, sparsityLabels } = request;
  const ticks = x.ticks(Math.max(3, Math.round(width / 52)));
  const tickText = (value: number): string => (value === 0 ? '0' : signed(y, value));
  return draw(
    {
      width,
      height,
      marginTop: 17,
      marginRight: 12,
      marginBottom: sparsityLabels ? 20 : 4,
      marginLeft: 38,
      x: { domain: [...x.domain], axis: null },
      y: { domain: [...y.domain], axis: null },
      marks: [
        ...sparsityAxes({ y, ticks, sparsityPadding: sparsityLabels ? 6 : undefined, text: tickText }),
        ...singlesOf(request),
        ...meanOf(request),
        ...ringsOf(request),
        request.remark === undefined
          ? null
          : text([request.remark], {
              frameAnchor: 'top-left',
              dx: 4,
              dy: -3,
              fill: 'var(--quiet)',
              stroke: 'var(--paper)',
              strokeWidth: 3,
            }),
      ],
    },
    request.label,
    { x: 'Sparsity', y: 'Gain' },
  );
}

function singlesOf({ singles, index, x, y }: GainChartRequest): Markish[] {
  const parts = singles.flatMap(({ points }) => partsOf(points, x, y));
  return [
    line(
      parts.flatMap((part, z) => part.map((point) => ({ ...point, z }))),
      { x: 'at', y: 'value', z: 'z', stroke: lineColour(index), strokeOpacity: 0.5, strokeWidth: 0.8 },
    ),
    // The dense model: what all are compared with.
    ruleY([0], { stroke: 'var(--ink)', strokeWidth: 1.1 }),
  ];
}

function meanOf({ mean, index, x, y }: GainChartRequest): Markish[] {
  const colour = lineColour(index);
  const [floor, top] = y.domain;
  const above = mean.filter(({ gain }) => gain >= floor);
  const below = mean.filter(({ gain }) => gain < floor);
  const at = { x: (point: MeanGain) => x.place(point.sparsity), y: 'gain' };
  const filled = { fill: colour, stroke: 'none', title: 'title' };
  const spread = (pick: (point: MeanGain) => Ends): readonly Spread[] =>
    mean.flatMap((point) => {
      const [low, high] = pick(point) ?? [-Infinity, -Infinity];
      if (high < floor) return [];
      return [{ at: x.place(point.sparsity), low: Math.max(low, floor), high: Math.min(high, top) }];
    });
  // The thick one over images lies within the thin one over trainings as well.
  const bars = (pick: (point: MeanGain) => Ends, strokeWidth: number): Markish =>
    ruleX(
      spread((point) => (point.sparsity > 0 ? pick(point) : undefined)),
      { x: 'at', y1: 'low', y2: 'high', stroke: colour, strokeOpacity: 0.45, strokeWidth },
    );
  return [
    areaY(
      spread(({ seeds }) => seeds),
      { x: 'at', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.2 },
    ),
    bars(({ interval }) => interval, 1.1),
    bars(({ images }) => images, 3),
    line(
      partsOf(mean, x, y).flatMap((part, z) => part.map((point) => ({ ...point, z }))),
      { x: 'at', y: 'value', z: 'z', stroke: colour, strokeWidth: 2.4, strokeLinejoin: 'round' },
    ),
    dot(above, { ...at, ...filled, r: 2.6, symbol: lineSymbol(index), ...doored(above) }),
    // An arrow at the foot for each that lies below it.
    dot(below, {
      ...{ ...at, ...filled, y: floor, dy: -3, r: 2.2, fillOpacity: 0.5 },
      ...{ symbol: 'triangle', rotate: 180, ...doored(below) },
    }),
  ];
}

type Ends = readonly [number, number] | undefined;

interface Spread {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

function partsOf(
  points: readonly { readonly sparsity: number; readonly gain: number }[],
  x: SparsityAxis,
  y: ValueAxis,
): readonly (readonly Placed[])[] {
  const placed = points.map(({ sparsity, gain }) => ({ at: x.place(sparsity), value: gain }));
  return clipBelow(placed, y.domain[0]);
}

function ringsOf({ rings, index, x }: GainChartRequest): Markish[] {
  const at = { x: (ring: GainRing) => x.place(ring.sparsity), y: 'gain' } as const;
  const stroke = lineColour(index);
  const ringMark = (shown: readonly GainRing[], style: DotOptions): Markish =>
    dot(shown, { ...at, stroke, fill: 'var(--paper)', title: 'title', ...style, ...doored(shown) });
  const small = rings.filter(({ note }) => note === undefined);
  const noted = rings.filter(({ note }) => note !== undefined);
  const firm = ({ doubted }: GainRing): boolean => !doubted;
  const broken = ({ doubted }: GainRing): boolean => doubted;
  return [
    ringMark(small.filter(firm), { r: 2.8, strokeWidth: 1.3 }),
    ringMark(small.filter(broken), { r: 2.8, strokeWidth: 1.1, strokeDasharray: '1.6 1.6' }),
    ringMark(noted.filter(firm), { r: 5.5, strokeWidth: 2 }),
    ringMark(noted.filter(broken), { r: 5.5, strokeWidth: 1.6, strokeDasharray: '2.4 2' }),
    // Passed through by the pointer, which is meant for the ring around.
    dot(noted, { ...at, r: 2.2, fill: stroke, pointerEvents: 'none' }),
    ...noted.map((ring) =>
      text([ring], {
        ...at,
        text: (one: GainRing) => one.note!,
        ...besideRing(x.place(ring.sparsity) / x.domain[1]),
        fill: 'var(--ink)',
        stroke: 'var(--paper)',
        strokeWidth: 4,
        fontWeight: 700,
        pointerEvents: 'none',
      }),
    ),
  ];
}

/** Above, and within the chart. */
function besideRing(share: number): {
  readonly textAnchor: 'start' | 'middle' | 'end';
  readonly dx: number;
  readonly dy: number;
} {
  if (share > 0.8) return { textAnchor: 'end', dx: 8, dy: -12 };
  return share < 0.2 ? { textAnchor: 'start', dx: -8, dy: -12 } : { textAnchor: 'middle', dx: 0, dy: -12 };
}
