/** Runs once before all test files: tests must not depend on the colours or the time zone of whoever starts them. */
export function setup(): void {
  process.env['TZ'] = 'UTC';
  process.env['NO_COLOR'] = '1';
}
