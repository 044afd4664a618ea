const thin = '\u202f';

/** `4 s`, `3.2 min`, `1.5 h`, `12 h`, `3.1 d` of wall-clock time. */
export function durationText(ms: number): string {
  if (ms < 995) return `${Math.round(ms)}${thin}ms`;
  const [size, unit] = ms < 99_500 ? [1000, 's'] : ms < 99.5 * 60_000 ? [60_000, 'min'] : [3_600_000, 'h'];
  return `${short(ms / size)}${thin}${unit}`;
}

/** Always in hours, to be summed and compared. */
export function hoursText(ms: number): string {
  return `${short(ms / 3_600_000)}${thin}h`;
}

/** `2030-01-31 14:05 UTC`, of a time in ISO 8601; as it is where it is none. */
export function momentText(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Two figures, and no more than the tens of thousands need. */
function short(value: number): string {
  if (value === 0) return '0';
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}
