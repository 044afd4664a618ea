import { execFileSync, spawn } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

/** Somebody with an account of his own, a private checkout, and the strictest umask. */
export interface Member {
  readonly name: string;
  /** Nobody else can look into it. */
  readonly home: string;
  /** Runs the compiled command there. */
  sweetspot(...args: string[]): Promise<Finished>;
  /** Does one act of `store-actor.mjs` to a store. */
  act(store: string, act: string, argument?: string): Promise<unknown>;
}

export interface Team extends Disposable {
  /** Where all may enter, and none may write but root. */
  readonly dir: string;
  readonly group: string;
  readonly members: readonly [Member, Member];
  /** Not in the group: may read what all may read. */
  readonly guest: Member;
  /** Whether the members are two users of the system: only root can make some. */
  readonly areReal: boolean;
}

/**
 * Two users of this system in one group, and a third outside it, made for the occasion. Where the tests do not run as root there is but one, twice: then only what
 * modes tell is tested, and that is said aloud.
 */
export function gatherTeam(): Team {
  const dir = mkdtempSync('/tmp/sweetspot-team-');
  chmodSync(dir, 0o755);
  mkdirSync(join(dir, 'tmp'));
  chmodSync(join(dir, 'tmp'), 0o1777);
  const areReal = process.getuid?.() === 0 && has('useradd') && has('runuser');
  if (!areReal)
    process.stderr.write(
      '\nTWO USERS ARE NOT TESTED: that takes root, useradd and runuser. One user plays both, so only modes are looked at.\n\n',
    );
  const tag = `${process.pid.toString(36)}${Date.now().toString(36).slice(-4)}`;
  const group = `sst${tag}`;
  const names = [`ssa${tag}`, `ssb${tag}`, `ssc${tag}`] as const;
  if (areReal) {
    execFileSync('groupadd', [group]);
    for (const [index, name] of names.entries()) {
      const groups = index < 2 ? ['--groups', group] : [];
      execFileSync('useradd', ['--no-create-home', '--user-group', ...groups, name]);
    }
  }
  const member = (name: string): Member => {
    const home = join(dir, name);
    mkdirSync(home, { mode: 0o700 });
    if (areReal) chownSync(home, idOf('-u', name), idOf('-g', name));
    const start = (args: readonly string[]): Promise<Finished> =>
      startAs({ name: areReal ? name : undefined, home, tmp: join(dir, 'tmp'), args });
    return {
      name,
      home,
      sweetspot: (...args) => start([join(repositoryRoot, 'dist/cli/main.js'), ...args]),
      async act(store, act, argument = '') {
        const actor = join(repositoryRoot, 'test/faults/store-actor.mjs');
        const ended = await start([actor, store, act, argument]);
        if (ended.code !== 0) throw new Error(`${act}: ${ended.stderr}`);
        return JSON.parse(ended.stdout) as unknown;
      },
    };
  };
  return {
    dir,
    group: areReal ? group : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim(),
    members: [member(names[0]), member(names[1])],
    guest: member(names[2]),
    areReal,
    [Symbol.dispose]() {
      rmSync(dir, { recursive: true, force: true, maxRetries: 20 });
      if (!areReal) return;
      // What a run has left behind ends a moment later: an account may go before its last process.
      for (const name of names) execFileSync('userdel', ['--force', name], { stdio: 'ignore' });
      execFileSync('groupdel', [group], { stdio: 'ignore' });
    },
  };
}

function startAs(who: {
  readonly name: string | undefined;
  readonly home: string;
  readonly tmp: string;
  readonly args: readonly string[];
}): Promise<Finished> {
  const { name, home, tmp, args } = who;
  // runuser takes the home of the account, which has none.
  const command = ['sh', '-c', 'umask 077; HOME=$1; shift; exec "$@"', 'sh', home, process.execPath, ...args];
  const as = name === undefined ? command : ['runuser', '-u', name, '--', ...command];
  const [program = '', ...rest] = name !== undefined && !isOpenToAll() ? inOwnMounts(as) : as;
  const child = spawn(program, rest, {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: tmp, NO_COLOR: '1', XDG_CACHE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
}

/** Whether other users can read the code: a checkout may lie in somebody's private folder. */
function isOpenToAll(): boolean {
  try {
    execFileSync('setpriv', [
      '--reuid=65534',
      '--clear-groups',
      'test',
      '-r',
      join(repositoryRoot, 'package.json'),
    ]);
    return true;
  } catch {
    return false;
  }
}

/** The folders above the code open to all, for this command alone. */
function inOwnMounts(command: readonly string[]): readonly string[] {
  const script =
    'mount -t tmpfs -o mode=755 none "$1" && mkdir -p "$2" && mount --move /mnt "$2" && shift 2 && exec "$@"';
  const top = `/${repositoryRoot.split('/')[1] ?? ''}`;
  return [
    'unshare',
    '--mount',
    'sh',
    '-c',
    `mount --bind "$0" /mnt && ${script}`,
    repositoryRoot,
    top,
    repositoryRoot,
    ...command,
  ];
}

function has(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((place) => {
    try {
      accessSync(join(place, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function idOf(flag: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
}
