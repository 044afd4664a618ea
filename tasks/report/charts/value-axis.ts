/** A vertical axis with round ends and ticks, in the units in which values are drawn. */
export interface ValueAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly text: (value: number) => string;
}

/** A value with its sign, as differences are written; nothing stands before zero. */
export function signed(axis: ValueAxis, value: number): string {
  return value > 0 ? `+${axis.text(value)}` : axis.text(value);
}

export interface ValueAxisRequest {
  readonly values: readonly number[];
  readonly ticks?: number;
  /** Starts at zero however high the values are. */
  readonly fromZero?: boolean;
  readonly suffix?: string;
}

/** Round ends around the values: steps of 1, 2, 2.5 or 5 times a power of ten. */
export function valueAxis({ values, ticks = 4, fromZero = false, suffix = '' }: ValueAxisRequest): ValueAxis {
  const given = values.length === 0 ? [0, 1] : values;
  const low = fromZero ? Math.min(0, ...given) : Math.min(...given);
  const high = Math.max(...given);
  const span = extent(low, high);
  const step = roundStep(span / ticks);
  // Equal values stand in the middle and not on the edge.
  const margin = high - low < step * 1e-6 && !fromZero ? 1 : 0;
  const first = Math.floor(low / step + 1e-9) - margin;
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9) + margin);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (isQuarter(step) ? 1 : 0));
  return {
    domain: [first * step, last * step],
    ticks: Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12))),
    text: (value) => `${value.toFixed(digits).replace('-', '\u2212')}${suffix}`,
  };
}

/** Of equal values their size, and of nothing 1: an axis needs some length. */
function extent(low: number, high: number): number {
  const least = 1e-12;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(least, 1e-9 * size)) return high - low;
  return size > least ? size : 1;
}

function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= raw * 0.999) ?? 10;
  return factor * power;
}

function isQuarter(step: number): boolean {
  const leading = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
  return Math.abs(leading - 2.5) < 1e-6;
}
