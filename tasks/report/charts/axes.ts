import { axisX, axisY, gridY, ruleX } from '@observablehq/plot';
import type { Markish } from '@observablehq/plot';
import type { SparsityAxis } from './sparsity-axis.ts';
import type { ValueAxis } from './value-axis.ts';

const words = { tickSize: 0, label: null, fill: 'var(--quiet)' } as const;

export function valueGrid(y: ValueAxis): Markish {
  return gridY([...y.ticks], { stroke: 'var(--grid)', strokeOpacity: 1 });
}

/** The values beside the grid's lines. */
export function valueLabels(y: ValueAxis, text: (value: number) => string = y.text): Markish {
  return axisY([...y.ticks], { ...words, tickPadding: 6, tickFormat: text });
}

export interface AxesRequest {
  readonly y: ValueAxis;
  readonly ticks: ReturnType<SparsityAxis['ticks']>;
  /** How far below the chart the sparsities stand, in pixels; undefined: they stand below another chart. */
  readonly sparsityPadding: number | undefined;
  readonly text?: (value: number) => string;
}

/** Grid and labels of a chart of values against sparsity. */
export function sparsityAxes({ y, ticks, sparsityPadding, text }: AxesRequest): Markish[] {
  return [
    valueGrid(y),
    ruleX(ticks, { x: 'at', stroke: 'var(--grid)', strokeDasharray: '1 3' }),
    valueLabels(y, text),
    sparsityPadding === undefined
      ? null
      : axisX(
          ticks.map((tick) => tick.at),
          { ...words, tickPadding: sparsityPadding, tickFormat: (_, i) => ticks[i]!.text },
        ),
  ];
}
