import { randomBytes } from 'node:crypto';

/** A new run's name: its start in UTC to the millisecond, which sorts, and four random digits. */
export function newRunId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const digits = time.replace(/[^0-9]/g, '');
  const random = randomBytes(2).toString('hex');
  return `${date.replaceAll('-', '')}-${digits.slice(0, 6)}-${digits.slice(6)}-${random}`;
}
