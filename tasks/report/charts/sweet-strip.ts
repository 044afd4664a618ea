import { axisX, dot, ruleX, ruleY } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import type { Draw } from './draw.ts';
import type { SparsityAxis } from './sparsity-axis.ts';

export interface SweetStripRequest {
  readonly label: string;
  readonly colour: string;
  readonly x: SparsityAxis;
  /** All sparsities that were scored. */
  readonly sparsities: readonly number[];
  /** How many of the scores have a sweet spot there. */
  readonly spots: readonly { readonly sparsity: number; readonly scores: number; readonly title: string }[];
  /** Scores in all. */
  readonly of: number;
}

const size = { width: 460, height: 30, marginLeft: 14, marginRight: 14, marginTop: 2, marginBottom: 2 };

/** A row of dots along the sparsities; the larger, the more scores have a sweet spot there. */
export function drawSweetStrip(
  draw: Draw,
  { label, colour, x, sparsities, spots, of }: SweetStripRequest,
): Html {
  const distance = (size.width - size.marginLeft - size.marginRight) / Math.max(1, sparsities.length - 1);
  // Neighbours touch at most.
  const largest = Math.min(12, 0.52 * distance);
  return draw(
    {
      ...size,
      x: { domain: [...x.domain], axis: null },
      y: { domain: [-1, 1], axis: null },
      r: { type: 'sqrt', domain: [0, 1], range: [0, largest], legend: false },
      marks: [
        ruleY([0], { stroke: 'var(--grid)' }),
        dot(sparsities, { x: x.place, y: 0, r: 1.5, fill: 'var(--faint)' }),
        dot(spots, {
          x: (spot: { sparsity: number }) => x.place(spot.sparsity),
          y: 0,
          r: (spot: { scores: number }) => spot.scores / of,
          fill: colour,
          fillOpacity: 0.75,
          stroke: colour,
          title: 'title',
        }),
      ],
    },
    label,
  );
}

/** The axis of the rows, drawn once under them. */
export function drawStripAxis(draw: Draw, x: SparsityAxis): Html {
  const ticks = x.ticks(9);
  return draw(
    {
      ...size,
      height: 18,
      x: { domain: [...x.domain], axis: null },
      marks: [
        ruleX([0], { stroke: 'none' }),
        axisX(
          ticks.map((tick) => tick.at),
          {
            anchor: 'top',
            tickSize: 0,
            tickPadding: -10,
            label: null,
            fill: 'var(--quiet)',
            tickFormat: (_, i) => ticks[i]!.text,
          },
        ),
      ],
    },
    'Sparsity in per cent',
  );
}
