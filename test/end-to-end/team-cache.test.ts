import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../cache/open-store.ts';
import { bucketPrograms } from '../cache/support/bucket-servers.ts';
import type { Intercept } from '../cache/support/cache-server.ts';
import { cacheServer } from '../cache/support/cache-server.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';
import { eventsOf, outputsOf, tasksWith } from './runs.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

interface Person {
  readonly dir: string;
  run(...args: readonly string[]): Promise<Finished>;
  /** Of all blobs in this person's store. */
  blobs(): Promise<readonly string[]>;
}

const study = 'words.yaml';
const [bucketProgram] = bucketPrograms;

/** A checkout of its own: another folder, another store, the same study. */
async function person(name: string, remotes: string, env: NodeJS.ProcessEnv = {}): Promise<Person> {
  const dir = join(folder.path, name);
  await mkdir(dir);
  await copyFile(join(repositoryRoot, 'test/end-to-end/studies', study), join(dir, study));
  await writeFile(join(dir, 'sweetspot.config.yaml'), `remotes:\n${remotes}`);
  return {
    dir,
    run: (...args) => sweetspot(args, { cwd: dir, env }),
    blobs: async () =>
      (await readdir(join(dir, '.sweetspot/cas'), { recursive: true })).filter((each) => each.includes('/')),
  };
}

async function teamFolder(): Promise<string> {
  const opened = await openStore({ dir: join(folder.path, 'team') });
  return opened.kind === 'opened' ? '../team' : '';
}

describe('two people, two checkouts', () => {
  it('one folder: what one computes, the other finds, and fetches only what is read', async () => {
    const at = await teamFolder();
    const ada = await person('ada', `  - { name: team, directory: ${at}, push: true }\n`);
    const first = await ada.run('run', study, '--json');
    expect(first.code, first.stderr).toBe(0);
    expect(tasksWith(first.stdout, 'task-done')).toHaveLength(4);

    const bob = await person('bob', `  - { name: team, directory: ${at} }\n`);
    expect((await bob.run('plan', study)).stdout).toContain('nothing to do');
    const second = await bob.run('run', study, '--json');
    expect(second.code, second.stderr).toBe(0);
    expect(tasksWith(second.stdout, 'task-done')).toEqual([]);
    expect(outputsOf(second.stdout)).toEqual(outputsOf(first.stdout));
    const delivered = 'out/words/count@seed=0.txt';
    expect(await readFile(join(bob.dir, delivered))).toEqual(await readFile(join(ada.dir, delivered)));
    // Two tasks deliver the same file: it, and its manifest.
    expect(await bob.blobs()).toHaveLength(2);

    const pushed = await bob.run('cache', 'push', study);
    expect([pushed.code, pushed.stderr]).toEqual([2, expect.stringContaining('no remote takes results')]);
    expect((await bob.run('cache', 'pull', study)).stdout).toContain('4 results here');
    expect((await bob.blobs()).toSorted()).toEqual((await ada.blobs()).toSorted());
  });

  it('one server: a task reads what another person made, and credentials show nowhere', async () => {
    const server = await cacheServer();
    const config = `  - { name: team, url: "${server.url}", push: true }\n`;
    const secret = 'a-very-secret-word';
    const env = { SWEETSPOT_REMOTE_TEAM_TOKEN: secret };
    const ada = await person('ada', config, env);
    const first = await ada.run('run', study, '--only', 'make');
    expect(first.code, first.stderr).toBe(0);
    const bob = await person('bob', config, env);
    const second = await bob.run('run', study, '--json');
    expect(second.code, second.stderr).toBe(0);
    expect(tasksWith(second.stdout, 'task-done').toSorted()).toEqual(['count@seed=0', 'count@seed=1']);
    expect([...server.authorizations]).toEqual([`Bearer ${secret}`]);

    const again = await ada.run('run', study);
    expect(again.stdout).toContain('0 run, 4 cached');
    for (const { dir } of [ada, bob]) {
      for (const name of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!name.isFile()) continue;
        expect(await readFile(join(name.parentPath, name.name), 'latin1'), name.name).not.toContain(secret);
      }
    }
    for (const said of [first, second, again]) expect(said.stdout + said.stderr).not.toContain(secret);
    for (const [path, bytes] of server.files) expect(bytes.includes(secret), path).toBe(false);
  });

  if (bucketProgram !== undefined)
    it('one bucket: the second computes nothing, and credentials show nowhere', async () => {
      const server = await bucketProgram.start();
      onTestFinished(() => server.stop());
      const config = (more: string) =>
        `  - { name: team, bucket: "s3://team/lab/cache", endpoint: "${server.endpoint}"${more} }\n`;
      const { id, secret } = server.member;
      const keys = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
      const ada = await person('ada', config(', push: true'), keys);
      const first = await ada.run('run', study, '--json');
      expect(first.code, first.stderr).toBe(0);
      expect(tasksWith(first.stdout, 'task-done')).toHaveLength(4);

      const bob = await person('bob', config(''), keys);
      const second = await bob.run('run', study, '--json');
      expect(second.code, second.stderr).toBe(0);
      expect(tasksWith(second.stdout, 'task-done')).toEqual([]);
      expect(outputsOf(second.stdout)).toEqual(outputsOf(first.stdout));
      expect(await bob.blobs()).toHaveLength(2);
      const delivered = 'out/words/count@seed=0.txt';
      expect(await readFile(join(bob.dir, delivered))).toEqual(await readFile(join(ada.dir, delivered)));
      expect((await bob.run('cache', 'pull', study)).stdout).toContain('4 results here');

      for (const { dir } of [ada, bob]) {
        for (const name of await readdir(dir, { recursive: true, withFileTypes: true })) {
          if (!name.isFile()) continue;
          const text = await readFile(join(name.parentPath, name.name), 'latin1');
          expect([text.includes(secret), text.includes(id)], name.name).toEqual([false, false]);
        }
      }
      for (const { stdout, stderr } of [first, second]) expect(stdout + stderr).not.toContain(secret);
    });

  it('a poisoned blob is named, and what it was needed for is made again', async () => {
    const server = await cacheServer();
    const config = `  - { name: team, url: "${server.url}", push: true }\n`;
    const ada = await person('ada', config);
    await ada.run('run', study, '--only', 'make');
    for (const [path, bytes] of server.files)
      if (bytes.equals(Buffer.from('hello 0\n'))) server.files.set(path, Buffer.from('HELLO 0\n'));
    const bob = await person('bob', config);
    const second = await bob.run('run', study, '--json');
    expect(second.code, second.stderr).toBe(0);
    expect(tasksWith(second.stdout, 'task-done')).toContain('make@seed=0');
    const warnings = eventsOf(second.stdout).flatMap((event) =>
      event.kind === 'warning' ? [event.message] : [],
    );
    expect(warnings).toContainEqual(
      expect.stringMatching(/remote 'team' has wrong bytes for the blob [0-9a-f]{64}/),
    );
    expect(await readFile(join(bob.dir, 'out/words/count@seed=0.txt'), 'utf8')).toMatch(/^\s*8\n$/);
  });
});

describe('remotes behind other sorts of stores', () => {
  it('a reader keeps what comes from them in a store of their own', async () => {
    const at = await teamFolder();
    const team = `  - { name: team, directory: ${at}, push: true }\n`;
    const ada = await person('ada', team);
    expect((await ada.run('run', study)).code).toBe(0);
    const carol = await person('carol', team);
    const kept = await carol.run('run', study, '--no-remote', '--only', 'make');
    expect(kept.code, kept.stderr).toBe(0);
    const stood = await carol.blobs();
    const bob = await person('bob', `${team}cache: { dir: ../carol/.sweetspot, read_only: true }\n`);
    const read = await bob.run('run', study, '--json');
    expect(read.code, read.stderr).toBe(0);
    expect(tasksWith(read.stdout, 'task-done')).toEqual([]);
    expect((await bob.blobs()).length).toBeGreaterThan(0);
    expect(await carol.blobs()).toEqual(stood);
    const delivered = 'out/words/count@seed=0.txt';
    expect(await readFile(join(bob.dir, delivered))).toEqual(await readFile(join(ada.dir, delivered)));
  });

  it('who demands signatures takes nothing unsigned from them, is told so once, and what he signs serves who trusts him', async () => {
    const at = await teamFolder();
    const team = `  - { name: team, directory: ${at}, push: true }\n`;
    const ada = await person('ada', team);
    expect((await ada.run('run', study)).code).toBe(0);
    const env = { HOME: join(folder.path, 'bob'), XDG_CONFIG_HOME: join(folder.path, 'bob/config') };
    const bob = await person('bob', `${team}cache: { dir: .sweetspot, signed: true }\n`, env);
    const key = await bob.run('cache', 'key', 'new');
    expect(key.code).toBe(0);
    const first = await bob.run('run', study, '--json');
    expect(first.code, first.stderr).toBe(0);
    expect(tasksWith(first.stdout, 'task-done')).toHaveLength(4);
    expect((first.stdout + first.stderr).split('that nobody you trust has signed')).toHaveLength(2);
    const second = await bob.run('run', study);
    expect(second.stdout).toContain('0 run, 4 cached');
    expect(second.stdout + second.stderr).not.toContain('nobody you trust');

    const others = { HOME: join(folder.path, 'carol'), XDG_CONFIG_HOME: join(folder.path, 'carol/config') };
    const carol = await person('carol', `${team}cache: { dir: .sweetspot, signed: true }\n`, others);
    expect((await carol.run('cache', 'trust', 'add', 'bob', key.stdout.trim())).code).toBe(0);
    const third = await carol.run('run', study);
    expect([third.code, third.stderr]).toEqual([0, '']);
    expect(third.stdout).toContain('0 run, 4 cached');
  });
});

describe('a server that is no help', () => {
  it.each<[string, Intercept]>([
    ['never answers', () => true],
    [
      'refuses everything',
      (_, response) => {
        response.writeHead(401).end();
        return true;
      },
    ],
  ])('%s: the run goes on, with one warning a direction', async (_, intercept) => {
    const server = await cacheServer(intercept);
    const ada = await person('ada', `  - { name: team, url: "${server.url}", push: true, timeout: 1s }\n`);
    const ran = await ada.run('run', study, '--json');
    expect(ran.code, ran.stderr).toBe(0);
    expect(tasksWith(ran.stdout, 'task-done')).toHaveLength(4);
    const warnings = eventsOf(ran.stdout).flatMap((event) =>
      event.kind === 'warning' ? [event.message] : [],
    );
    const about = [...warnings, ran.stderr].join('\n').split('left alone').length - 1;
    expect(about).toBeGreaterThanOrEqual(1);
    expect(about).toBeLessThanOrEqual(2);
    expect(ran.stderr).toMatch(/did not get to remote 'team': sweetspot cache push/);
    // Those of the first wave of look-ups, and of questions for what the first two results have made; and no more.
    expect(server.requests.length).toBeLessThanOrEqual(12);
    expect(await readdir(join(ada.dir, '.sweetspot/tmp'))).toEqual([]);
  });
});

describe('the configuration', () => {
  it.each([
    [
      'a remote without a place',
      '{ name: team }',
      /line 2, column 5: a remote is at a `directory:`, at a `url:` or in a `bucket:`/,
    ],
    ['two places', '{ name: team, directory: a, url: "http://b" }', /one of them/],
    ['an unknown word', '{ name: team, directory: a, pussh: true }', /column 33: a remote has no 'pussh'/],
    ['no time', '{ name: team, directory: a, timeout: soon }', /timeout: expected a time/],
    ['no bucket', '{ name: team, bucket: lab }', /bucket: expected s3:\/\/NAME/],
    ['a climbing prefix', '{ name: team, bucket: "s3://lab/a/../b" }', /no part of the prefix may be empty/],
    ['no region', '{ name: team, bucket: "s3://lab", region: "a b" }', /region: expected the name/],
    ['no style', '{ name: team, bucket: "s3://lab", path_style: often }', /path_style: expected true/],
    ['no endpoint', '{ name: team, bucket: "s3://lab", endpoint: lab }', /endpoint: expected an address/],
    ['a secret', '{ name: team, bucket: "s3://lab", endpoint: "https://a:b@c" }', /AWS_SECRET_ACCESS_KEY/],
    ['a mix', '{ name: team, directory: a, region: x }', /region: does not go with a directory/],
    ['no address', '{ name: team, url: "ftp://a" }', /url: expected an address/],
    ['a password', '{ name: team, url: "https://ada:pw@a" }', /credentials do not belong into a file/],
    ['no name', '{ directory: a }', /needs a name/],
    ['a bad name', '{ name: "a b", directory: a }', /needs a name/],
    ['no truth', '{ name: team, directory: a, push: often }', /push: expected true or false/],
  ])('with %s is refused with its place', async (_, remote, words) => {
    const { readConfig } = await import('../../cli/workspace-config.ts');
    const file = join(folder.path, 'sweetspot.config.yaml');
    await writeFile(file, `remotes:\n  - ${remote}\n`);
    expect(await readConfig(file)).toMatch(words);
    expect(await readConfig(file)).toMatch(/^line 2, column/);
  });

  it('names remotes with where they are from the folder of the file', async () => {
    const { readConfig } = await import('../../cli/workspace-config.ts');
    const file = join(folder.path, 'sweetspot.config.yaml');
    await writeFile(
      file,
      'remotes:\n  - { name: a, directory: ../a }\n  - { name: b, url: "https://b/cache", ca: b.pem, pull: false, push: true, timeout: 2s }\n' +
        '  - { name: c, bucket: "s3://lab.x/team/é/", endpoint: "http://c:9", region: eu, path_style: false, ca: c.pem }\n' +
        '  - { name: d, bucket: "s3://lab" }\n',
    );
    expect(await readConfig(file)).toMatchObject({
      remotes: [
        {
          name: 'a',
          place: { kind: 'directory', path: join(folder.path, '../a') },
          pull: true,
          push: false,
          timeoutMs: 10_000,
        },
        {
          name: 'b',
          place: { kind: 'http', url: 'https://b/cache', ca: join(folder.path, 'b.pem') },
          pull: false,
          push: true,
          timeoutMs: 2000,
        },
        {
          name: 'c',
          place: {
            ...{ kind: 'bucket', bucket: 'lab.x', prefix: 'team/é', endpoint: 'http://c:9' },
            ...{ region: 'eu', pathStyle: false, ca: join(folder.path, 'c.pem') },
          },
        },
        { name: 'd', place: { kind: 'bucket', bucket: 'lab', prefix: '' } },
      ],
    });
    const ada = await person('ada', '  - { name: a, directory: a }\n');
    const asked = await ada.run('run', study, '--remote', 'b');
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("there is no remote 'b'")]);
  });
});
