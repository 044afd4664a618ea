import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSweetspot, sweetspot, temporaryFolder } from '../support/command.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

/** One task that runs until the file `go` is there. */
function study(go: string): string {
  const script = `while [ ! -e '${go}' ]; do sleep 0.05; done; echo x > o`;
  const options = `run: [sh, -c, ${JSON.stringify(script)}], outputs: { o: { type: files, path: o } }`;
  return `study: waits\ntasks:\n  wait: { uses: command, with: { ${options} } }\n`;
}

it('`status --watch` shows a run of another terminal; Ctrl-C ends the watching alone', async () => {
  const cwd = folder.path;
  const go = join(cwd, 'go');
  await writeFile(join(cwd, 'waits.yaml'), study(go));
  const run = startSweetspot(['run', 'waits.yaml', '--json'], { cwd });
  const isBegun = (line: string): boolean => /started/.test(line) && line.includes('wait');
  await run.line(isBegun);

  const left = startSweetspot(['status', '--watch'], { cwd });
  await left.line(isBegun);
  left.child.kill('SIGINT');
  const leaving = await left.finished;
  expect([leaving.code, leaving.stderr]).toEqual([130, expect.stringContaining('goes on')]);

  const stayed = startSweetspot(['status', '--watch', '--plain'], { cwd });
  await stayed.line(isBegun);
  await writeFile(go, '');
  expect((await run.finished).code).toBe(0);
  const ended = await stayed.finished;
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('done     wait in')]);
  expect(ended.stdout).toMatch(/waits {2}\S+ {2}done after/);
  expect((await sweetspot(['status', '--watch', '--json'], { cwd })).stdout).toBe(
    // The stream of the run, without what is said of it where it was started.
    (await run.finished).stdout.replace(/^\{"kind":"delivered".*\n/m, ''),
  );
});
