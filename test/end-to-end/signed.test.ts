import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';

const minutes = 60_000;

const study = `study: signed
tasks:
  one: { uses: command, with: { run: [sh, -c, "echo one > out.txt"], outputs: { out: { type: files, path: out.txt } } } }
`;

it(
  'results count by who has signed them, and a cache that demands it says which do not',
  async () => {
    await using folder = await temporaryFolder();
    const store = join(folder.path, 'store');
    const member = async (name: string): Promise<(...args: string[]) => Promise<Finished>> => {
      const cwd = join(folder.path, name);
      await mkdir(cwd);
      await writeFile(join(cwd, 'signed.yaml'), study);
      // It is the store that demands signatures.
      await writeFile(join(cwd, 'sweetspot.config.yaml'), `cache: ${store}\n`);
      const env = { HOME: cwd, XDG_CONFIG_HOME: join(cwd, 'config'), TMPDIR: folder.path };
      return (...args) => sweetspot(args, { cwd, env });
    };
    const [ada, ben] = [await member('ada'), await member('ben')];
    const made = await ada('cache', 'init', '--signed', store);
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('only signed results count')]);
    const key = await ada('cache', 'key', 'new');
    expect([key.code, key.stderr]).toEqual([0, '']);
    const file = join(folder.path, 'ada/config/sweetspot/signing-key.pem');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await ada('cache', 'key', 'show')).toMatchObject({ code: 0, stdout: key.stdout });
    expect(await ada('cache', 'key', 'new')).toMatchObject({ code: 2 });
    expect((await ada('run', 'signed.yaml')).stdout).toContain('1 run, 0 cached');
    expect((await ada('run', 'signed.yaml')).stdout).toContain('0 run, 1 cached');

    // He does not know her yet, and has no key of his own.
    const alone = await ben('run', 'signed.yaml');
    expect(alone.code).toBe(0);
    expect(alone.stdout).toContain('1 run, 0 cached');
    expect(alone.stdout + alone.stderr).toContain('nobody whose results you trust has signed');
    expect(await ben('cache', 'trust', 'add', 'ada', 'nonsense')).toMatchObject({ code: 2 });
    expect(await ben('cache', 'trust', 'add', 'ada', key.stdout.trim())).toMatchObject({
      code: 0,
      stderr: '',
    });
    const served = await ben('run', 'signed.yaml');
    expect([served.code, served.stdout]).toEqual([0, expect.stringContaining('0 run, 1 cached')]);
    expect((await ben('cache', 'trust', 'list')).stdout.trim().split(/\s+/)).toEqual([
      'ada',
      key.stdout.trim(),
    ]);
    const listed = await ben('ls', 'one', '--json');
    expect((JSON.parse(listed.stdout) as { tasks: unknown[] }).tasks).toEqual([
      expect.objectContaining({ signedBy: ['ada'] }),
    ]);
    expect((await ben('cache', 'stats')).stdout).toMatch(/signed +1 by ada/);
    expect(await ben('cache', 'trust', 'remove', 'ada')).toMatchObject({ code: 0 });
    expect((await ben('run', 'signed.yaml')).stdout).toContain('1 run, 0 cached');

    const secret = (await readFile(file, 'utf8')).split('\n')[1]!;
    for (const name of await readdir(store, { recursive: true }))
      expect(await readFile(join(store, name), 'latin1').catch(() => '')).not.toContain(secret);
  },
  5 * minutes,
);
