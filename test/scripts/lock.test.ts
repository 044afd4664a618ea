import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repositoryRoot } from '../support/shared.ts';

const run = promisify(execFile);
const lockModule = pathToFileURL(join(repositoryRoot, 'scripts/lock.mjs')).href;

let root: string;
let log: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lock-'));
  log = join(root, 'log');
  await appendFile(log, '');
});
afterEach(() => rm(root, { recursive: true }));

/** A process that takes the lock of `root` and writes when it begins and ends; `exit` leaves without giving it back. */
function holder(exit = ''): Promise<unknown> {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${JSON.stringify(root)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'begin ');
      await new Promise((resolve) => setImmediate(resolve));
      ${exit}
      appendFileSync(${JSON.stringify(log)}, 'end ');
    });`;
  return run(process.execPath, ['--input-type=module', '-e', program]);
}

it('lets one process at a time prepare a folder', async () => {
  await Promise.all([holder(), holder(), holder()]);
  expect(await readFile(log, 'utf8')).toBe('begin end '.repeat(3));
});

it("takes over a dead process's lock", async () => {
  await holder('process.exit(0);');
  await Promise.all([holder(), holder()]);
  expect(await readFile(log, 'utf8')).toBe(`begin ${'begin end '.repeat(2)}`);
});
