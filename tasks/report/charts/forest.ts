import { axisX, dot, gridX, ruleX, ruleY, text } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import type { Door } from '../study/doors.ts';
import { doored } from './door-marks.ts';
import type { Draw } from './draw.ts';
import { signed, valueAxis } from './value-axis.ts';

/** Gains over the dense model with their two intervals, a row each. */
export interface ForestRow {
  readonly key: string;
  readonly name: string;
  /** In display units. */
  readonly gain: number;
  readonly images: readonly [number, number];
  /** The interval that decides: over images and trainings, for all sparsities together. */
  readonly decided: readonly [number, number];
  readonly eachSeed: readonly number[];
  readonly sweet: boolean;
  /** Stands at the right: the sparsity. */
  readonly note: string;
  readonly title: string;
  /** What the sparse model's score rests on. */
  readonly door?: Door | undefined;
}

export interface ForestRequest {
  readonly label: string;
  readonly rows: readonly ForestRow[];
  readonly colour: string;
  /** Shared by panels that are compared. */
  readonly reach: readonly [number, number];
  readonly width: number;
  /** Of the gains, in words; empty where they have several. */
  readonly unit: string;
}

const rowHeight = 21;

/** A row has a thick bar (images), a thin one (images and trainings), a dot (the gain), and crosses for the single seeds. */
export function drawForest(draw: Draw, { label, rows, colour, reach, width, unit }: ForestRequest): Html {
  const axis = valueAxis({ values: [0, ...reach], ticks: 5 });
  const ink = (row: ForestRow): string => (row.sweet ? colour : 'var(--faint)');
  const single = rows.flatMap((row) => row.eachSeed.map((gain) => ({ ...row, gain })));
  return draw(
    {
      width,
      height: 34 + rows.length * rowHeight,
      marginTop: 4,
      marginBottom: 30,
      marginLeft: 184,
      marginRight: 62,
      x: { domain: [...axis.domain], axis: null },
      y: { domain: rows.map((row) => row.key), axis: null, type: 'point', padding: 0.5 },
      color: { type: 'identity' },
      marks: [
        gridX([...axis.ticks], { stroke: 'var(--grid)', strokeOpacity: 1 }),
        ruleX([0], { stroke: 'var(--ink)', strokeWidth: 1 }),
        axisX([...axis.ticks], {
          tickSize: 0,
          tickPadding: 6,
          fill: 'var(--quiet)',
          label: null,
          tickFormat: (value: number) => signed(axis, value),
        }),
        ruleY(rows, {
          y: 'key',
          x1: (row: ForestRow) => row.images[0],
          x2: (row: ForestRow) => row.images[1],
          stroke: ink,
          strokeWidth: 7,
          strokeOpacity: 0.32,
        }),
        ruleY(rows, {
          y: 'key',
          x1: (row: ForestRow) => row.decided[0],
          x2: (row: ForestRow) => row.decided[1],
          stroke: ink,
          strokeWidth: 1.5,
        }),
        dot(single, {
          x: 'gain',
          y: 'key',
          r: 3.2,
          stroke: ink,
          symbol: 'times',
          fill: 'none',
          strokeWidth: 1,
        }),
        dot(rows, {
          x: 'gain',
          y: 'key',
          r: 4,
          fill: (row: ForestRow) => (row.sweet ? colour : 'var(--paper)'),
          stroke: ink,
          strokeWidth: 1.5,
          title: 'title',
          ...doored(rows),
        }),
        text(rows, {
          y: 'key',
          text: 'name',
          frameAnchor: 'left',
          dx: -12,
          textAnchor: 'end',
          fill: (row: ForestRow) => (row.sweet ? 'var(--ink)' : 'var(--quiet)'),
        }),
        text(rows, {
          y: 'key',
          text: 'note',
          frameAnchor: 'right',
          dx: 56,
          textAnchor: 'end',
          fill: (row: ForestRow) => (row.sweet ? 'var(--ink)' : 'var(--quiet)'),
          fontWeight: 600,
        }),
      ],
    },
    label,
    { x: unit === '' ? 'Gain over dense' : `Gain over dense (${unit})` },
  );
}
