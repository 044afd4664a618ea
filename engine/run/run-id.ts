import { randomBytes } from 'node:crypto';

/**
 * A new run's name: its start in UTC to the millisecond, which sorts, and four random digits. Names tell which run is the
 * newest: where the clock has been set back, one goes on from the name of the last run.
 */
export function newRunId(now: Date, last: string | undefined): string {
  const name = nameOf(now);
  const after = last === undefined ? undefined : timeOf(last);
  const random = randomBytes(2).toString('hex');
  if (after === undefined || last === undefined || name > last) return `${name}-${random}`;
  return `${nameOf(new Date(after + 1))}-${random}`;
}

function nameOf(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().split('T');
  const digits = clock.replace(/[^0-9]/g, '');
  return `${date.replaceAll('-', '')}-${digits.slice(0, 6)}-${digits.slice(6)}`;
}

/** When a run began, by its name, in milliseconds since 1970; undefined for a name of another kind. */
export function timeOf(name: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{3})-/.exec(name)?.slice(1);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second, ms] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}
