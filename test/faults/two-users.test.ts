import { chmod, chown, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bucketPrograms } from '../cache/support/bucket-servers.ts';
import type { Credentials } from '../cache/support/bucket-servers.ts';
import { cacheServer } from '../cache/support/cache-server.ts';
import type { Finished } from '../support/command.ts';
import { gatherTeam } from './members.ts';
import type { Member, Team } from './members.ts';

const minutes = 60_000;

let team: Team;
let ada: Member;
let ben: Member;
let store: string;

beforeAll(async () => {
  team = gatherTeam();
  [ada, ben] = team.members;
  store = join(team.dir, 'store');
  // What an administrator does: a folder that the team may write to.
  await mkdir(store);
  if (team.areReal) await chown(store, 0, groupNumber(team.group));
  await chmod(store, 0o2775);
});
afterAll(() => team[Symbol.dispose]());

/** Two tasks in a row; the first also leaves folders behind that only its user may enter. */
const study = (word: string, wait = ''): string => `study: shared
tasks:
  first: { uses: command, with: { run: [sh, -ec, "mkdir -m 700 own; echo x > own/x; ${wait}echo ${word} > out.txt; echo said"], outputs: { out: { type: files, path: out.txt } } } }
  second: { uses: command, with: { run: [sh, -ec, "cat inputs/in/out.txt inputs/in/out.txt > out.txt"], inputs: { in: "\${{ first.out }}" }, outputs: { out: { type: files, path: out.txt } } } }
`;

async function place(member: Member, text: string): Promise<void> {
  const file = join(member.home, 'shared.yaml');
  await writeFile(file, text);
  await writeFile(join(member.home, 'sweetspot.config.yaml'), `cache: ${store}\n`);
}

const ending = ({ code, stderr }: Finished): readonly unknown[] => [code, stderr];
const summary = ({ code, stderr, stdout }: Finished): readonly unknown[] => [
  code,
  stderr,
  /\d+ run, \d+ cached/.exec(stdout)?.[0],
];

describe('a shared store, and two users with umask 077', () => {
  it('is made by one, and says what the other has to write', async () => {
    const made = await ada.sweetspot('cache', 'init', '--shared', store, '--group', team.group);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain(`shared with the group ${team.group}`);
    expect(made.stdout).toContain(`cache: ${store}`);
  });

  it(
    'gives the second user every result of the first, and the first those of the second',
    async () => {
      await place(ada, study('one'));
      await place(ben, study('one'));
      expect(summary(await ada.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '2 run, 0 cached']);
      expect(summary(await ben.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '0 run, 2 cached']);
      // As a run with nothing to do, this time.
      expect(summary(await ben.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '0 run, 2 cached']);
      await place(ben, study('two'));
      expect(summary(await ben.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '2 run, 0 cached']);
      await place(ada, study('two'));
      expect(summary(await ada.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '0 run, 2 cached']);
    },
    5 * minutes,
  );

  it(
    'lets both look after it',
    async () => {
      for (const args of [
        ['cache', 'verify'],
        ['cache', 'pin', 'paper', 'second', '--run', 'last'],
        ['cache', 'gc', '--keep-runs', '0'],
      ]) {
        // At the same time.
        const ended = await Promise.all(team.members.map((member) => member.sweetspot(...args)));
        expect([args, ...ended.map(ending)]).toEqual([args, [0, ''], [0, '']]);
      }
      // A run of the other's.
      const { stdout } = await ada.sweetspot('ls', '--json');
      const run = (JSON.parse(stdout) as { runs: { run: string }[] }).runs[1]!.run;
      const log = await ada.sweetspot('log', 'first', '--run', run);
      expect([log.code, log.stdout]).toEqual([0, 'said\n']);
    },
    5 * minutes,
  );

  it(
    'serves a guest who may not write, and who stores what it lacks in a place of his own',
    async () => {
      const { guest } = team;
      const before = await state();
      await place(guest, study('two'));
      await writeFile(
        join(guest.home, 'sweetspot.config.yaml'),
        `cache: { dir: ${store}, read_only: true }\n`,
      );
      const hit = await guest.sweetspot('run', 'shared.yaml');
      expect([hit.code, summary(hit)[2]]).toEqual([0, '0 run, 2 cached']);
      expect(hit.stdout + hit.stderr).toContain(
        `${store} is only read; what it lacks is stored in ${guest.home}/.sweetspot`,
      );
      await writeFile(join(guest.home, 'shared.yaml'), study('two').replace('cat ', 'tac '));
      const missed = await guest.sweetspot('run', 'shared.yaml');
      expect([missed.code, summary(missed)[2]]).toEqual([0, '1 run, 1 cached']);
      const again = await guest.sweetspot('run', 'shared.yaml');
      expect([again.code, summary(again)[2]]).toEqual([0, '0 run, 2 cached']);
      expect(await state()).toEqual(before);
    },
    5 * minutes,
  );

  it(
    'lets one go on where a killed run of the other ended',
    async () => {
      const once = join(team.dir, 'tmp', 'killed');
      const worker = '/proc/$PPID/stat';
      const killsBoth = `if mkdir ${once}; then kill -9 $(cut -d' ' -f4 ${worker}) $PPID; sleep 3; fi; `;
      for (const member of team.members) await place(member, study('three', killsBoth));
      const killed = await ada.sweetspot('run', 'shared.yaml');
      expect(killed.code).not.toBe(0);
      expect(summary(await ben.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '2 run, 0 cached']);
    },
    5 * minutes,
  );

  it(
    'lets each use what the other has made: blobs, snapshots, claims, digests of data',
    async () => {
      const data = join(team.dir, 'data');
      await mkdir(data);
      for (const name of ['a', 'b']) await writeFile(join(data, name), name);
      expect(await ada.act(store, 'index', data)).toEqual({ kind: 'indexed', readBytes: 2 });
      expect(await ben.act(store, 'index', data)).toEqual({ kind: 'indexed', readBytes: 0 });
      await writeFile(join(data, 'b'), 'changed');
      expect(await ben.act(store, 'index', data)).toEqual({ kind: 'indexed', readBytes: 7 });
      expect(await ada.act(store, 'index', data)).toEqual({ kind: 'indexed', readBytes: 0 });

      for (const [number, member] of [ada, ben, ada, ben].entries()) {
        expect(await member.act(store, 'snapshot', `w${number}`)).toMatchObject({ number: number + 1 });
        expect(await (member === ada ? ben : ada).act(store, 'newest')).toBe(number + 1);
      }
      expect(await ada.act(store, 'clear')).toBeNull();

      // Each dies with its claim.
      for (const member of [ada, ben, ada]) expect(await member.act(store, 'claim')).toBe('acquired');

      expect(await ada.act(store, 'put', 'bytes')).toMatchObject({ kind: 'stored' });
      expect(await ben.act(store, 'put', 'bytes')).toMatchObject({ kind: 'stored' });
      expect(await ben.act(store, 'collect', '1')).toMatchObject({ kind: 'collected' });
      // Out of the trash, where the other has put it.
      expect(await ada.act(store, 'read', 'bytes')).toEqual({ kind: 'found', text: 'bytes' });
      expect(await ada.act(store, 'collect', '2')).toMatchObject({ kind: 'collected' });
      expect(await ben.act(store, 'collect', '4')).toMatchObject({ kind: 'collected' });
      expect(await ada.act(store, 'read', 'bytes')).toMatchObject({ kind: 'absent' });
    },
    5 * minutes,
  );

  it(
    'with a server behind it: a third, elsewhere, computes nothing either, and fetches only what is read',
    async () => {
      const server = await cacheServer();
      const remote = `remotes:\n  - { name: team, url: "${server.url}", push: true }\n`;
      const words = study('by way of a server');
      for (const member of team.members) await place(member, words);
      await writeFile(join(ada.home, 'sweetspot.config.yaml'), `cache: ${store}\n${remote}`);
      await writeFile(join(ben.home, 'sweetspot.config.yaml'), `cache: ${store}\n${remote}`);
      expect(summary(await ada.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '2 run, 0 cached']);
      const fetched = (): readonly string[] => server.requests.filter((each) => each.startsWith('GET /cas/'));
      expect(fetched()).toEqual([]);
      const before = server.requests.length;
      // The folder has it all: nobody has to ask.
      expect(summary(await ben.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '0 run, 2 cached']);
      expect(server.requests.slice(before)).toEqual([]);

      const { guest } = team;
      await rm(join(guest.home, '.sweetspot'), { recursive: true });
      await place(guest, words);
      await writeFile(join(guest.home, 'sweetspot.config.yaml'), remote.replace(', push: true', ''));
      const hit = await guest.sweetspot('run', 'shared.yaml');
      expect(summary(hit)).toEqual([0, '', '0 run, 2 cached']);
      // What it delivers: a manifest and its file.
      const delivered = fetched().length;
      expect(delivered).toBeLessThanOrEqual(2);
      // Another second task, of the same first one, reads what that has made: a manifest and a file.
      await writeFile(join(guest.home, 'shared.yaml'), words.replace('cat ', 'tac '));
      const missed = await guest.sweetspot('run', 'shared.yaml');
      expect(summary(missed)).toEqual([0, '', '1 run, 1 cached']);
      const read = fetched().slice(delivered);
      const bytes = read.reduce((sum, each) => sum + (server.files.get(each.slice(4))?.byteLength ?? 0), 0);
      const [file, longestManifest] = ['by way of a server\n'.length, 400];
      expect(read).toHaveLength(2);
      expect(bytes).toBeGreaterThan(file);
      expect(bytes).toBeLessThan(file + longestManifest);
      const told = await guest.sweetspot('ls', 'first');
      expect(told.stdout).toMatch(/cached .* first .* team/);
      expect((await guest.sweetspot('status')).stdout).toContain("1 cached result from remote 'team'");
      expect((await guest.sweetspot('cache', 'stats')).stdout).toMatch(/team +2 +0 /);
    },
    5 * minutes,
  );

  const [bucketProgram] = bucketPrograms;
  if (bucketProgram !== undefined)
    it(
      'with a bucket behind it: whoever is elsewhere computes nothing, and fetches only what is read',
      async () => {
        const bucket = await bucketProgram.start();
        onTestFinished(() => bucket.stop());
        const remote = `remotes:\n  - { name: team, bucket: "s3://team/lab", endpoint: "${bucket.endpoint}", push: true }\n`;
        const words = study('by way of a bucket');
        for (const member of team.members) {
          await place(member, words);
          await writeFile(join(member.home, 'sweetspot.config.yaml'), `cache: ${store}\n${remote}`);
          await placeKeys(member, bucket.member);
        }
        expect(summary(await ada.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '2 run, 0 cached']);
        expect(summary(await ben.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '0 run, 2 cached']);

        const { guest } = team;
        await rm(join(guest.home, '.sweetspot'), { recursive: true });
        await place(guest, words);
        await writeFile(join(guest.home, 'sweetspot.config.yaml'), remote.replace(', push: true', ''));
        await placeKeys(guest, bucket.member);
        expect(summary(await guest.sweetspot('run', 'shared.yaml'))).toEqual([0, '', '0 run, 2 cached']);
        const { remotes } = JSON.parse((await guest.sweetspot('cache', 'stats', '--json')).stdout) as {
          remotes: readonly { hits: number; fetchedBlobs: number }[];
        };
        // What it delivers, a manifest and its file, and not what that was made from.
        expect(remotes).toMatchObject([{ remote: 'team', hits: 2, fetchedBlobs: 2 }]);
      },
      5 * minutes,
    );

  it('holds nothing that the group may not read, and no folder that it may not write to', async () => {
    const closed: string[] = [];
    for (const name of await readdir(store, { recursive: true })) {
      const found = await stat(join(store, name));
      const needed = found.isDirectory() ? 0o2070 : 0o040;
      // What a killed program has closed, the next worker of its own user removes.
      if (name.startsWith('work/') && /\/own(\/|$)/.test(name)) continue;
      if ((found.mode & needed) !== needed) closed.push(`${name} ${found.mode.toString(8)}`);
    }
    expect(closed).toEqual([]);
  });
});

/** Where a member's programs look for the key to a bucket. */
async function placeKeys(member: Member, { id, secret }: Credentials): Promise<void> {
  await mkdir(join(member.home, '.aws'), { recursive: true });
  const lines = ['[default]', `aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`];
  await writeFile(join(member.home, '.aws/credentials'), `${lines.join('\n')}\n`);
}

/** Every name in the store with the time of its last change. */
async function state(): Promise<readonly string[]> {
  const names = (await readdir(store, { recursive: true })).sort();
  return await Promise.all(names.map(async (name) => `${name} ${(await stat(join(store, name))).ctimeMs}`));
}

function groupNumber(name: string): number {
  const entry = execFileSync('getent', ['group', name], { encoding: 'utf8' });
  return Number(entry.split(':')[2]);
}
