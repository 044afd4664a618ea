import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addonFile, nativeDir, nativeRoot, stampFile } from '../../../../vision/tensors/native/place.ts';
import { setUpNative } from '../../../../vision/tensors/native/set-up.ts';
import { nativeStatus } from '../../../../vision/tensors/native/status.ts';
import { nativeRecipe } from '../../../../vision/tensors/native/wheels.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'native-'));
  vi.stubEnv('SWEETSPOT_NATIVE_DIR', join(root, 'native'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const runsHere = nativeRecipe('cpu') !== undefined;

async function finishedBuild(changes: Record<string, unknown> = {}): Promise<string> {
  const dir = nativeDir('cpu');
  await mkdir(join(dir, 'tensorflow'), { recursive: true });
  await writeFile(addonFile(dir), '');
  const stamp = { format: 1, tensorflow: '2.21.0', binding: '4.22.0', variant: 'cpu', ...changes };
  await writeFile(stampFile(dir), JSON.stringify(stamp));
  return dir;
}

/** Programs that fail as told, alone on PATH. */
async function pathWith(programs: Record<string, string>): Promise<void> {
  const bin = join(root, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
  }
  vi.stubEnv('PATH', bin);
}

describe('nativeRoot', () => {
  it('takes the chosen folder, else the cache folder of XDG, else ~/.cache', () => {
    expect(nativeRoot({ SWEETSPOT_NATIVE_DIR: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(nativeRoot({ XDG_CACHE_HOME: '/b' })).toBe('/b/sweetspot/native');
    expect(nativeRoot({ XDG_CACHE_HOME: 'relative' })).toMatch(/\.cache\/sweetspot\/native$/);
  });
});

describe('nativeStatus', () => {
  it('is missing where nothing was set up', () => {
    expect(nativeStatus()).toMatchObject({ kind: 'missing', reason: 'it has not been set up' });
  });
  it('is ready with a stamp of our versions', async () => {
    const dir = await finishedBuild();
    expect(nativeStatus()).toMatchObject({ kind: 'ready', variant: 'cpu', dir });
  });
  it.each([{ tensorflow: '2.20.0' }, { binding: '4.21.0' }, { format: 2 }])(
    'does not take %o',
    async (changes) => {
      await finishedBuild(changes);
      expect(nativeStatus().kind).toBe('missing');
    },
  );
  it('does not take a build whose addon is gone', async () => {
    await rm(addonFile(await finishedBuild()));
    expect(nativeStatus().kind).toBe('missing');
  });
});

describe.runIf(runsHere)('setUpNative', () => {
  it('does nothing where it has been done', async () => {
    await finishedBuild();
    const lines: string[] = [];
    const result = await setUpNative({ log: (line) => lines.push(line), variant: 'cpu' });
    expect(result).toMatchObject({ kind: 'ready', built: false });
    expect(lines).toEqual([]);
  });

  it('says in one line that Python is missing, what it costs and how to mend it', async () => {
    await pathWith({});
    const lines: string[] = [];
    const result = await setUpNative({ log: (line) => lines.push(line), variant: 'cpu' });
    expect(result).toMatchObject({ kind: 'unavailable', problem: { kind: 'python' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/no Python 3.*WebAssembly.*six times slower.*install Python.*sweetspot setup/);
  });

  it('tells Python without pip from no Python', async () => {
    await pathWith({ python3: 'process.exit(process.argv.includes("-m") ? 1 : 0)' });
    const result = await setUpNative({ log: () => undefined, variant: 'cpu' });
    expect(result).toMatchObject({ kind: 'unavailable', problem: { kind: 'pip' } });
  });

  it('names what pip said and leaves nothing behind', async () => {
    const script =
      'if (process.argv.includes("download")) { console.error("ERROR: no route to host"); process.exit(1) }';
    await pathWith({ python3: script });
    const lines: string[] = [];
    const result = await setUpNative({ log: (line) => lines.push(line), variant: 'cpu' });
    expect(result).toMatchObject({ kind: 'unavailable', problem: { kind: 'download' } });
    expect(lines.at(-1)).toContain('no route to host');
    expect(lines.join('\n')).toMatch(/Python wheel, PyPI, 0\.\d\d GB/);
    expect(await readdir(nativeRoot())).toEqual([]);
  });

  it('refuses a wheel with other bytes', async () => {
    const script = `
      const at = process.argv.indexOf('--dest');
      if (at > 0) require('node:fs').writeFileSync(process.argv[at + 1] + '/x.whl', 'other bytes');`;
    await pathWith({ python3: script });
    const result = await setUpNative({ log: () => undefined, variant: 'cpu' });
    expect(result).toMatchObject({ kind: 'unavailable', problem: { kind: 'checksum' } });
    expect(await readdir(nativeRoot())).toEqual([]);
  });
});
