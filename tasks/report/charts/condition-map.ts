import { axisX, axisY, cell } from '@observablehq/plot';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { scoreText, sparsityNumber, sparsityText } from '../page/numbers.ts';
import type { Door } from '../study/doors.ts';
import { doored } from './door-marks.ts';
import type { Draw } from './draw.ts';

/** Accuracy by condition (rows) and sparsity (columns), as fractions of 1. */
export interface ConditionMapRequest {
  readonly label: string;
  /** Ascending. */
  readonly sparsities: readonly number[];
  /** What the values at each sparsity rest on. */
  readonly doors?: readonly (Door | undefined)[];
  /** From the mildest or first to the last. */
  readonly conditions: readonly string[];
  /** [condition][sparsity]; undefined where nothing was scored. */
  readonly accuracy: readonly (readonly (number | undefined)[])[];
  /** What the darkest step stands for. */
  readonly highest: number;
  /** Room for the conditions' names, the same in panels that are compared. */
  readonly labelWidth: number;
}

/** Steps of the single-hue scale; the style sheet has a colour for each. */
const heatSteps = 9;

export function drawConditionMap(draw: Draw, request: ConditionMapRequest): Html {
  const { label, sparsities, doors, conditions, accuracy, highest } = request;
  const cells = conditions.flatMap((condition, row) =>
    sparsities.flatMap((sparsity, column) => {
      const value = accuracy[row]![column];
      if (value === undefined) return [];
      const title = `${condition} at ${sparsityText(sparsity)}: ${scoreText(value, 'fraction')}`;
      return [{ condition, column, fill: heatColour(value / highest), title, door: doors?.[column] }];
    }),
  );
  const columns = sparsities.map((_, i) => i);
  // A label is about 30 pixels wide.
  const room = Math.floor((draw.width(270) - request.labelWidth) / 30);
  const every = Math.ceil(sparsities.length / Math.max(2, Math.min(6, room)));
  const labelled = columns.filter((i) => i % every === 0);
  return draw(
    {
      width: 270,
      height: 30 + conditions.length * 16,
      marginTop: 2,
      marginBottom: 20,
      marginLeft: request.labelWidth,
      marginRight: 6,
      padding: 0,
      x: { domain: columns, axis: null, type: 'band', round: false },
      y: { domain: [...conditions], axis: null, type: 'band' },
      marks: [
        cell(cells, {
          x: 'column',
          y: 'condition',
          fill: 'fill',
          inset: 0.4,
          title: 'title',
          ...doored(cells),
        }),
        axisX(labelled, {
          tickSize: 0,
          tickPadding: 5,
          label: null,
          fill: 'var(--quiet)',
          tickFormat: (column: number) => sparsityNumber(sparsities[column]!),
        }),
        axisY([...conditions], { tickSize: 0, tickPadding: 5, label: null, fill: 'var(--quiet)' }),
      ],
      color: { type: 'identity' },
    },
    label,
    { x: 'Sparsity (%)' },
  );
}

/** The scale as a strip, from nothing to `highest`. */
export function heatScale(highest: number): Html {
  const steps = Array.from({ length: heatSteps }, (_, i) => i);
  return html`<p class="scale">
    <span>0 %</span>
    <span class="strip" aria-hidden="true"
      >${steps.map((i) => html`<i style="background:var(--heat-${i})"></i>`)}</span
    >
    <span>${Math.round(highest * 100)} % accuracy</span>
  </p>`;
}

function heatColour(share: number): string {
  return `var(--heat-${Math.max(0, Math.min(heatSteps - 1, Math.floor(share * heatSteps)))})`;
}
