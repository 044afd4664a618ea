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

/** A score in its own unit: fractions and percents as per cent with one digit, anything else as `plainNumber`. */
export function scoreText(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '\u2013';
  const factor = percentFactor(unit);
  return factor === undefined
    ? typographic(plainNumber(value))
    : `${typographic(fixed(value * factor))}${thin}%`;
}

/** A score without its unit, for columns that state it in their head. */
export function scoreNumber(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '\u2013';
  const factor = percentFactor(unit);
  // Sums that cancel leave their rounding.
  const told = Math.abs(value) < 1e-12 ? 0 : value;
  return typographic(factor === undefined ? plainNumber(told) : fixed(told * factor));
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

/** Three figures; of kappas and the like, which stand beside each other, three decimals. */
function plainNumber(value: number): string {
  if (Math.abs(value) >= 1) return Number(value.toPrecision(3)).toString();
  const text = value.toFixed(3);
  return text === '-0.000' ? '0.000' : text;
}

function fixed(value: number): string {
  const text = value.toFixed(1);
  return text === '-0.0' ? '0.0' : text;
}

function typographic(text: string): string {
  return text.startsWith('-') ? minus + text.slice(1) : text;
}
