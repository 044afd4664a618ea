import { axisX, dot, line } from '@observablehq/plot';
import type { Markish } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import type { Door } from '../study/doors.ts';
import { valueGrid, valueLabels } from './axes.ts';
import { doored } from './door-marks.ts';
import type { Draw } from './draw.ts';
import { steps } from './palette.ts';
import type { ValueAxis } from './value-axis.ts';

/** Accuracy against the strength of a distortion: a line a sparsity, and one for people. */
export interface ConditionCurvesRequest {
  readonly label: string;
  /** From the mildest to the hardest. */
  readonly conditions: readonly string[];
  /** From dense to sparsest, as many as there are steps at most. */
  readonly curves: readonly ConditionCurve[];
  readonly people: ConditionCurve | undefined;
  readonly y: ValueAxis;
}

export interface ConditionCurve {
  /** Place among the steps of sparsity; not used for people. */
  readonly step: number;
  /** In the units of the value axis. */
  readonly points: readonly {
    readonly condition: string;
    readonly value: number;
    readonly title: string;
    readonly door?: Door | undefined;
  }[];
}

const size = { width: 186, height: 148, marginTop: 8, marginRight: 8, marginBottom: 22, marginLeft: 36 };

export function drawConditionCurves(draw: Draw, request: ConditionCurvesRequest): Html {
  const { label, conditions, curves, people, y } = request;
  return draw(
    {
      ...size,
      x: { domain: [...conditions], axis: null, type: 'point', padding: 0.15 },
      y: { domain: [...y.domain], axis: null },
      marks: [
        valueGrid(y),
        valueLabels(y),
        axisX([...labelled(conditions)], { tickSize: 0, tickPadding: 7, label: null, fill: 'var(--quiet)' }),
        ...(people === undefined ? [] : peopleMarks(people)),
        // The dense model lies on top.
        ...[...curves].reverse().flatMap(curveMarks),
      ],
    },
    label,
  );
}

function peopleMarks({ points }: ConditionCurve): Markish[] {
  const at = { x: 'condition', y: 'value' };
  return [
    line(points, { ...at, stroke: 'var(--quiet)', strokeWidth: 1.5, strokeDasharray: '6 3' }),
    dot(points, {
      ...at,
      r: 3,
      symbol: 'square',
      stroke: 'var(--quiet)',
      fill: 'var(--paper)',
      title: 'title',
    }),
  ];
}

function curveMarks({ step, points }: ConditionCurve): Markish[] {
  const { symbol, dash } = steps[step]!;
  const colour = `var(--step-${step})`;
  const at = { x: 'condition', y: 'value' };
  return [
    line(points, {
      ...at,
      stroke: colour,
      strokeWidth: 1.6,
      strokeLinejoin: 'round',
      ...(dash === undefined ? {} : { strokeDasharray: dash }),
    }),
    dot(points, { ...at, r: 2.6, symbol, fill: colour, stroke: 'none', title: 'title', ...doored(points) }),
  ];
}

/** As many of the names as stand beside each other, evenly. */
function labelled(conditions: readonly string[]): readonly string[] {
  const widest = 10 + 6.2 * Math.max(...conditions.map((condition) => condition.length));
  const room = Math.max(1, Math.floor((size.width - size.marginLeft - size.marginRight) / widest));
  const every = Math.ceil(conditions.length / room);
  return conditions.filter((_, i) => i % every === 0);
}
