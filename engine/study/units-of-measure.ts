const perUnitMs: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const perUnitBytes: { readonly [unit: string]: number } = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

export const durationPattern = '^([0-9]+(\\.[0-9]+)?(ms|s|min|m|h|d))+$';
export const sizePattern = '^[0-9]+(\\.[0-9]+)?\\s*([kKMGT]i?)?B$';

/** `90s`, `2h`, `1h30m`, or a number of seconds, in milliseconds; undefined where it is none of these. */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === 'number') return measured(value * 1000);
  if (value.length > 40 || !new RegExp(durationPattern).test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/([0-9.]+)([a-z]+)/g))
    total += Number(amount) * perUnitMs[unit!]!;
  return measured(total);
}

/** `8GB`, `512MiB`, or a number of bytes. */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? measured(value) : undefined;
  if (value.length > 40 || !new RegExp(sizePattern).test(value)) return undefined;
  const [, amount, unit] = /^([0-9.]+)\s*([a-zA-Z]+)$/.exec(value)!;
  return measured(Math.round(Number(amount) * perUnitBytes[unit!.toLowerCase()]!));
}

/** What cannot be counted exactly is a slip of the pen, not a measure. */
function measured(value: number): number | undefined {
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
