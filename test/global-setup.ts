import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs once before all test files: tests must not depend on the colours or the time zone of whoever starts them, and what they leave
 * in the temporary folder goes with them. Answers with what is done after the last one.
 */
export async function setup(): Promise<() => Promise<void>> {
  process.env['TZ'] = 'UTC';
  process.env['NO_COLOR'] = '1';
  const before = process.env['TMPDIR'];
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-tests-'));
  // Tests with a second user read in it.
  await chmod(dir, 0o755);
  process.env['TMPDIR'] = dir;
  return async () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(dir, { recursive: true, force: true, maxRetries: 20 });
  };
}
