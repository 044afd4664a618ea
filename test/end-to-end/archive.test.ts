import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../cache/open-store.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import { expectKind } from '../cache/support/expect-kind.ts';
import { startSweetspot, sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';
import { outputsOf, tasksWith } from './runs.ts';

const execute = promisify(execFile);

const study = `study: letters
params: { times: 2 }
matrix: { word: [one, three] }
tasks:
  make:
    uses: command
    with: { run: [sh, scripts/make.sh, "\${{ matrix.word }}"], files: [scripts/make.sh], outputs: { words: { type: files, path: out } } }
  count:
    uses: command
    with:
      run: [sh, -c, "cat inputs/words/*.txt | wc -c > n.txt; echo \${{ params.times }}"]
      inputs: { words: "\${{ make.words }}" }
      outputs: { n: { type: files, path: n.txt } }
`;
const script = 'mkdir out; echo "making $1"; echo "$1" > out/a.txt; echo "$1 again" > out/b.txt\n';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ada: Place;

interface Place {
  readonly dir: string;
  run(...args: readonly string[]): Promise<Finished>;
}

async function place(name: string): Promise<Place> {
  const dir = join(folder.path, name);
  await mkdir(dir, { recursive: true });
  return { dir, run: (...args) => sweetspot(args, { cwd: dir }) };
}

/** Somebody who has run the study. */
beforeAll(async () => {
  folder = await temporaryFolder();
  ada = await place('ada-at-home');
  await mkdir(join(ada.dir, 'scripts'));
  await writeFile(join(ada.dir, 'letters.yaml'), study);
  await writeFile(join(ada.dir, 'scripts/make.sh'), script);
  const ran = await ada.run('run', 'letters.yaml');
  expect(ran.code, ran.stderr).toBe(0);
});

afterAll(() => folder[Symbol.asyncDispose]());

/** The compiled command in a pipe with programs of others. */
async function shell(line: string, cwd: string): Promise<string> {
  const env = {
    ...process.env,
    SWEETSPOT: `${process.execPath} ${join(repositoryRoot, 'dist/cli/main.js')}`,
  };
  return (await execute('bash', ['-o', 'pipefail', '-c', line], { cwd, env })).stdout;
}

describe('cache export and cache import', () => {
  it('take a study to a machine without a network: nothing is computed there, and all can be asked', async () => {
    const exported = await ada.run('cache', 'export', 'letters.yaml', '../letters.tar');
    expect([exported.code, exported.stdout]).toEqual([0, '']);
    expect(exported.stderr).toContain('../letters.tar: 4 results');
    const bob = await place('bob');
    const looked = await bob.run('cache', 'import', '../letters.tar', '--dry-run');
    expect(looked.code, looked.stderr).toBe(0);
    expect(looked.stdout).toMatch(/make@word=three\s+command\s+new/);
    expect(await readdir(bob.dir)).toEqual([]);

    const imported = await bob.run('cache', 'import', '../letters.tar', '--into', '.');
    expect(imported.code, imported.stderr).toBe(0);
    expect(imported.stdout).toContain('study letters, 4 results: 4 new');
    expect(await readFile(join(bob.dir, 'letters.yaml'), 'utf8')).toBe(study);
    expect(await readFile(join(bob.dir, 'scripts/make.sh'), 'utf8')).toBe(script);

    // Before anything is run there.
    expect((await bob.run('log', 'make@word=one')).stdout).toContain('making one');
    expect(JSON.parse((await bob.run('ls', '--json')).stdout)).toMatchObject({ runs: [{ imported: true }] });
    expect((await bob.run('show', 'count@word=one')).stdout).toContain('n.txt');
    expect((await bob.run('export', 'make@word=three', 'made')).code).toBe(0);
    expect(await readFile(join(bob.dir, 'made/words/b.txt'), 'utf8')).toBe('three again\n');
    const why = await bob.run('why', 'letters.yaml', 'count', '--param', 'times=3');
    expect(why.stdout).toMatch(/params.times\s+2 -> 3/);
    expect((await bob.run('cache', 'gc', '--now')).code).toBe(0);

    const second = await bob.run('run', 'letters.yaml', '--json');
    expect(second.code, second.stderr).toBe(0);
    expect(tasksWith(second.stdout, 'task-cached')).toHaveLength(4);
    expect(outputsOf(second.stdout)).toEqual(
      outputsOf((await ada.run('run', 'letters.yaml', '--json')).stdout),
    );
    const again = await bob.run('cache', 'import', '../letters.tar', '--into', '.');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('4 results: 4 here already')]);
    expect((await bob.run('cache', 'verify')).code).toBe(0);
    expect(JSON.parse((await bob.run('cache', 'stats', '--json')).stdout)).toMatchObject({
      uses: [{ study: 'letters', runs: 1, hits: 4 }],
    });

    // The same results are the same file, whoever exports them, and no place or machine is in it.
    await bob.run('cache', 'export', 'letters.yaml', '../again.tar');
    const tar = await readFile(join(folder.path, 'letters.tar'));
    expect((await readFile(join(folder.path, 'again.tar'))).equals(tar)).toBe(true);
    for (const private_ of ['ada-at-home', folder.path, hostname()])
      expect(tar.includes(private_)).toBe(false);
  });

  it('work in pipes, and for a part of a study', async () => {
    await place('carol');
    const carol = join(folder.path, 'carol');
    await shell('$SWEETSPOT cache export letters.yaml - --only make@word=one | gzip > ../part.tgz', ada.dir);
    expect(await shell('tar -tzf ../part.tgz | grep -c results/', carol)).toBe('1\n');
    const packed = await sweetspot(['cache', 'import', '../part.tgz'], { cwd: carol });
    expect([packed.code, packed.stderr]).toEqual([2, expect.stringContaining('gzip -dc ../part.tgz')]);
    expect(await shell('gzip -dc ../part.tgz | $SWEETSPOT cache import - --into .', carol)).toContain(
      '1 result: 1 new',
    );
    const ran = await sweetspot(['run', 'letters.yaml', '--json'], { cwd: carol });
    expect(tasksWith(ran.stdout, 'task-cached')).toEqual(['make@word=one']);
    // As the README in it says.
    await shell('gzip -dc ../part.tgz > part.tar; tar -xf part.tar letters/README.txt', carol);
    const readme = await readFile(join(carol, 'letters/README.txt'), 'utf8');
    const [recipe = ''] = /tar -xf(.|\n)*?sha256sum .*/.exec(readme) ?? [];
    const shown = await shell(recipe.replaceAll('ARCHIVE', 'part.tar'), carol);
    expect(await readFile(join(carol, 'a.txt'), 'utf8')).toBe('one\n');
    expect(shown).toMatch(/make@word=one\tfile\twords\tb.txt\tletters\/blobs/);
  });

  it('say what is wrong, and what to do', async () => {
    const bob = await place('ben');
    const said = async (person: Place, ...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await person.run('cache', ...args);
      return `${code}: ${stderr}`;
    };
    expect(await said(bob, 'import', 'none.tar')).toMatch(/^2: .*no such file/);
    expect(await said(ada, 'export', 'letters.yaml', 'letters.yaml')).toMatch(/^2: .*is there already/);
    expect(
      await said(ada, 'export', 'letters.yaml', 'x.tar', '--param', 'times=3', '--only', 'count@word=one'),
    ).toMatch(/^0: .*1 result,(.|\n)*1 task without a result/);
    const tar = join(folder.path, 'whole.tar');
    await ada.run('cache', 'export', 'letters.yaml', tar);
    const bytes = await readFile(tar);
    await writeFile(join(bob.dir, 'cut.tar'), bytes.subarray(0, bytes.byteLength - 12_000));
    const cut = await said(bob, 'import', 'cut.tar');
    expect(cut).toMatch(/^1: .*cut.tar is cut off: at byte \d+, member \d+/);
    expect(cut).toContain('import it again for the rest');
    await writeFile(join(bob.dir, 'letters.yaml'), 'study: mine\n');
    expect(await said(bob, 'import', tar, '--into', '.')).toMatch(/^2: .*another file of that name is there/);
    expect(await readFile(join(bob.dir, 'letters.yaml'), 'utf8')).toBe('study: mine\n');
  });
});

describe('cache import, killed as it gives files their names', () => {
  it.each([
    ['cas', 4],
    ['ac', 2],
  ])(
    'under %s, at number %i: whole results alone are there, and the same command goes on',
    async (room, at) => {
      const tar = join(folder.path, 'killed.tar');
      if (!existsSync(tar)) await ada.run('cache', 'export', 'letters.yaml', tar);
      const { dir, ...there } = await place(`killed-${room}`);
      const root = join(dir, '.sweetspot');
      const mark = join(folder.path, `mark-${room}`);
      const { child, finished } = startSweetspot(['cache', 'import', tar], {
        cwd: dir,
        env: {
          NODE_OPTIONS: `--require ${join(repositoryRoot, 'test/faults/stop-in-publication.cjs')}`,
          ...{
            SWEETSPOT_STOP_UNDER: join(root, room),
            SWEETSPOT_STOP_AT: String(at),
            SWEETSPOT_STOP_MARK: mark,
          },
        },
      });
      while (!existsSync(mark) && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill('SIGKILL');
      expect((await finished).signal).toBe('SIGKILL');
      const { store } = expectKind(await openStore({ dir: root }), 'opened');
      expect(expectKind(await verifyStore({ store }), 'verified').findings).toEqual([]);
      for await (const { outputs } of store.actions.list())
        for (const digest of Object.values(outputs))
          expect(await store.artifacts.isComplete(digest)).toBe(true);
      expect(await readdir(store.runsDir)).toEqual([]);
      const again = await there.run('cache', 'import', tar);
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('4 results')]);
    },
  );
});

describe('cache export of what lies elsewhere', () => {
  it.each([
    ['behind a remote', 'remotes: [{ name: team, directory: ../ada-at-home/.sweetspot }]\n'],
    ['in a store that is only read', 'cache: { dir: ../ada-at-home/.sweetspot, read_only: true }\n'],
  ])('%s is the same file', async (where, config) => {
    const { dir, ...there } = await place(where.replaceAll(' ', '-'));
    await cp(join(ada.dir, 'letters.yaml'), join(dir, 'letters.yaml'));
    await cp(join(ada.dir, 'scripts'), join(dir, 'scripts'), { recursive: true });
    await writeFile(join(dir, 'sweetspot.config.yaml'), config);
    const exported = await there.run('cache', 'export', 'letters.yaml', 'mine.tar');
    expect(exported.code, exported.stderr).toBe(0);
    const theirs = join(folder.path, 'theirs.tar');
    if (!existsSync(theirs)) await ada.run('cache', 'export', 'letters.yaml', theirs);
    expect((await readFile(join(dir, 'mine.tar'))).equals(await readFile(theirs))).toBe(true);
  });
});
