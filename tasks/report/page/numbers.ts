/** Narrow no-break space, between a number and its unit. */
const thin = '\u202f';
const minus = '\u2212';

/** 0.36 -> `36 %`, 0.488 -> `48.8 %`, 0.99698 -> `99.7 %`. */
export function sparsityText(sparsity: number): string {
  return `${sparsityNumber(sparsity)}${thin}%`;
}

/** The same without its unit. Never rounds up to 100. */
export function sparsityNumber(sparsity: number): string {
  const percent = sparsity * 100;
  const digits = percent > 99.94 && percent < 100 ? 2 : 1;
  return String(Number(percent.toFixed(digits)));
}

/** A score in its own unit: fractions and percents as per cent with one digit, anything else with three figures. */
export function scoreText(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '\u2013';
  const factor = percentFactor(unit);
  return factor === undefined
    ? typographic(Number(value.toPrecision(3)).toString())
    : `${typographic(fixed(value * factor))}${thin}%`;
}

/** A score without its unit, for columns that state it in their head. */
export function scoreNumber(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '\u2013';
  const factor = percentFactor(unit);
  // Sums that cancel leave their rounding.
  if (Math.abs(value) < 1e-12) return '0';
  return typographic(factor === undefined ? Number(value.toPrecision(3)).toString() : fixed(value * factor));
}

/** A difference of scores with its sign: percentage points for fractions and percents. */
export function gainText(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '\u2013';
  const number = scoreNumber(value, unit);
  return value > 0 && Number.parseFloat(number) !== 0 ? `+${number}` : number;
}

/** By what a value is multiplied to be a per cent; undefined for other units. */
export function percentFactor(unit: string): number | undefined {
  if (unit === 'fraction') return 100;
  return unit === 'percent' ? 1 : undefined;
}

export function countText(count: number): string {
  return count >= 10_000 ? String(count).replace(/\B(?=(\d{3})+$)/g, thin) : String(count);
}

/** `1 seed`, `2 seeds`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

function fixed(value: number): string {
  const text = value.toFixed(1);
  return text === '-0.0' ? '0.0' : text;
}

function typographic(text: string): string {
  return text.startsWith('-') ? minus + text.slice(1) : text;
}
