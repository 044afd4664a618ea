import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TaskSheet } from '../../cli/task-sheet.ts';
import { makeCheckpoint } from '../cli/adopt/checkpoints.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';
import { eventsOf, tasksWith } from './runs.ts';

const images = join(repositoryRoot, 'test/fixtures/metrics/images');

const study = `study: look
params: { times: 1 }
data: { photos: { uses: image-folder } }
tasks:
  check: { uses: check-images, with: { data: "\${{ data.photos }}" } }
  made: { uses: import, with: { file: ../weights/net.pth, model: resnet8, classes: 4 } }
  count:
    uses: command
    with:
      run: [sh, -c, "cat inputs/found/* | wc -c > n.txt; echo \${{ params.times }}"]
      inputs: { found: "\${{ check.table }}", model: "\${{ made.model }}" }
      outputs: { n: { type: files, path: n.txt } }
`;

/** Who has the data, and names herself. */
async function ada(folder: string): Promise<{ readonly dir: string; readonly photos: string }> {
  const dir = join(folder, 'ada/studies');
  const photos = join(folder, 'ada/photos');
  for (const kind of ['wide', 'tall']) await mkdir(join(photos, kind), { recursive: true });
  await copyFile(join(images, 'landscape.png'), join(photos, 'wide/a.png'));
  await copyFile(join(images, 'portrait.png'), join(photos, 'tall/b.png'));
  await makeCheckpoint(join(folder, 'ada/weights/net.pth'));
  await mkdir(dir);
  await writeFile(join(dir, 'look.yaml'), study);
  await writeFile(join(dir, 'sweetspot.config.yaml'), 'member: ada\ndata: { photos: ../photos }\n');
  return { dir, photos };
}

it('an archive is enough for a machine that has neither the data nor the checkpoints', async () => {
  await using folder = await temporaryFolder();
  const { dir, photos } = await ada(folder.path);
  const made = await sweetspot(['run', 'look.yaml', '--json'], { cwd: dir });
  expect(made.code, made.stderr).toBe(0);
  const tar = join(folder.path, 'look.tar');
  await sweetspot(['cache', 'export', 'look.yaml', tar], { cwd: dir });

  const cwd = join(folder.path, 'bob/here');
  await mkdir(cwd, { recursive: true });
  const bob = (...args: readonly string[]): Promise<Finished> => sweetspot(args, { cwd });
  const imported = await bob('cache', 'import', tar, '--into', '.');
  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stdout).toMatch(/data photos \(image-folder\): 2 files, .*; not in the archive/);
  const absent = /data 'photos' is not on this machine: its identity \(\w+…, 2 files\) .*archive look.tar/;

  const planned = await bob('plan', 'look.yaml');
  expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining('3 cached: nothing to do')]);
  expect(planned.stderr).toMatch(absent);
  expect(planned.stderr).toMatch(/the file ..\/weights\/net.pth is not on this machine: its SHA-256/);
  const ran = await bob('run', 'look.yaml', '--json');
  expect(tasksWith(ran.stdout, 'task-cached')).toHaveLength(3);
  const warnings = eventsOf(ran.stdout).flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
  expect(warnings).toEqual([expect.stringMatching(absent), expect.stringContaining('net.pth')]);

  // Whose it is, as of a result that came from a remote.
  const run = eventsOf(made.stdout).find(({ kind }) => kind === 'run-started')!;
  const by = run.kind === 'run-started' ? run.run : '';
  const shown = await bob('show', 'check', '--json');
  const [sheet] = (JSON.parse(shown.stdout) as { readonly tasks: readonly TaskSheet[] }).tasks;
  expect(sheet).toMatchObject({ archive: 'look.tar', madeBy: by, provenance: { member: 'ada' } });
  expect((await bob('status')).stdout).toContain("3 cached results from archive 'look.tar'");
  await bob('cache', 'export', 'look.yaml', '../again.tar');
  expect((await readFile(join(folder.path, 'bob/again.tar'))).equals(await readFile(tar))).toBe(true);

  // What does not read the data is computed without it; what does fails, and says so before anything runs.
  const more = await bob('run', 'look.yaml', '--param', 'times=2', '--json');
  expect([more.code, tasksWith(more.stdout, 'task-done')]).toEqual([0, ['count']]);
  const lost = sheet!.outputs[0]!.files[0]!.sha256;
  await rm(join(cwd, '.sweetspot/cas', lost.slice(0, 2), lost));
  const before = await bob('plan', 'look.yaml', '--param', 'times=3');
  const why = "data 'photos' is not on this machine, and this task has to read it";
  expect([before.code, before.stderr]).toEqual([3, expect.stringContaining(`check: ${why}`)]);
  const stopped = await bob('run', 'look.yaml', '--param', 'times=3');
  expect([stopped.code, stopped.stdout]).toEqual([3, expect.stringContaining(why)]);
  expect(stopped.stdout).toContain('--data photos=PATH');

  // Data that is there counts, whichever it is.
  const there = await bob('run', 'look.yaml', '--param', 'times=3', '--data', `photos=${photos}`);
  expect([there.code, there.stdout]).toEqual([0, expect.not.stringMatching(absent)]);
  await rm(join(photos, 'tall/b.png'));
  await copyFile(join(images, 'upscale.png'), join(photos, 'tall/b.png'));
  const other = await bob('run', 'look.yaml', '--data', `photos=${photos}`, '--json');
  expect(tasksWith(other.stdout, 'task-done')).toContain('check');
}, 120_000);
