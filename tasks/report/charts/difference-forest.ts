import { axisX, dot, gridX, ruleX, ruleY, text } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import type { Draw } from './draw.ts';
import { lineColour, lineSymbol } from './palette.ts';
import { signed } from './value-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/** By how much each score is another in the second run, a row each, in the units of the axis. */
export interface DifferenceRow {
  /** Tells rows apart. */
  readonly key: string;
  readonly name: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly isBeyondChance: boolean;
  readonly title: string;
}

export interface DifferenceForest {
  readonly label: string;
  /** Place of the model in the palette. */
  readonly index: number;
  readonly rows: readonly DifferenceRow[];
  /** Shared by panels that are compared. */
  readonly x: ValueAxis;
  readonly width: number;
}

const rowHeight = 17;

/** Means with their intervals about zero: full where beyond chance, hollow where not. */
export function drawDifferenceForest(draw: Draw, { label, index, rows, x, width }: DifferenceForest): Html {
  const colour = lineColour(index);
  const ink = ({ isBeyondChance }: DifferenceRow): string => (isBeyondChance ? colour : 'var(--quiet)');
  return draw(
    {
      ...{ width, height: 30 + rows.length * rowHeight, marginTop: 4, marginBottom: 26 },
      ...{ marginLeft: 158, marginRight: 12 },
      x: { domain: [...x.domain], axis: null },
      y: { domain: rows.map(({ key }) => key), axis: null, type: 'point', padding: 0.5 },
      color: { type: 'identity' },
      marks: [
        gridX([...x.ticks], { stroke: 'var(--grid)', strokeOpacity: 1 }),
        ruleX([0], { stroke: 'var(--ink)' }),
        axisX([...x.ticks], {
          ...{ tickSize: 0, tickPadding: 6, fill: 'var(--quiet)', label: null },
          tickFormat: (value: number) => signed(x, value),
        }),
        ruleY(rows, { y: 'key', x1: 'low', x2: 'high', stroke: ink, strokeWidth: 1.75 }),
        dot(rows, {
          ...{ x: 'mean', y: 'key', r: 3.4, symbol: lineSymbol(index), stroke: ink, strokeWidth: 1.3 },
          fill: (row: DifferenceRow) => (row.isBeyondChance ? colour : 'var(--paper)'),
          title: 'title',
        }),
        text(rows, {
          ...{ y: 'key', text: 'name', frameAnchor: 'left', dx: -10, textAnchor: 'end' },
          fill: (row: DifferenceRow) => (row.isBeyondChance ? 'var(--ink)' : 'var(--quiet)'),
        }),
      ],
    },
    label,
  );
}
