import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Finished } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

/** A machine of its own: what runs there sees this machine's files read-only, the share at `/mnt`, and can write below `/run`. */
export interface Host {
  readonly name: string;
  /** Starts a program in `cwd`, default `/run`, as root if no user is said. */
  start(argv: readonly string[], options?: { readonly cwd?: string; readonly user?: User }): Remote;
  run(argv: readonly string[], options?: { readonly cwd?: string; readonly user?: User }): Promise<Finished>;
  /** The command, as it was compiled here. */
  sweetspot(args: readonly string[], options: { readonly cwd: string; readonly user?: User }): Remote;
  /** Writes a file below `/run`, and the folders above it. */
  write(path: string, text: string): Promise<void>;
}

/** By numbers, since those are what NFS transmits; umask 077. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export interface Remote {
  /** Resolves when it has ended; its code is null if it was killed, or its host was. */
  readonly finished: Promise<Finished>;
  /** Resolves with the first line of standard output, from now on or before, that holds `text`. */
  line(text: string): Promise<string>;
  send(text: string): void;
  kill(signal: NodeJS.Signals): void;
}

type Message =
  | { readonly out: string }
  | { readonly err: string }
  | { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export function connectHost(name: string, port: number): Host {
  const start: Host['start'] = (argv, { cwd = '/run', user } = {}) => order(port, as(user, argv), cwd);
  const host: Host = {
    name,
    start,
    run: (argv, options) => start(argv, options).finished,
    sweetspot: (args, options) =>
      start([process.execPath, join(repositoryRoot, 'dist/cli/main.js'), ...args], options),
    async write(path, text) {
      const script = 'mkdir -p "$1" && printf %s "$3" > "$2"';
      const ended = await host.run(['sh', '-c', script, 'sh', dirname(path), path, text]);
      if (ended.code !== 0) throw new Error(`${name} cannot write ${path}: ${ended.stderr}`);
    },
  };
  return host;
}

function as(user: User | undefined, argv: readonly string[]): readonly string[] {
  if (user === undefined) return argv;
  const { uid, gid, groups } = user;
  const ids = [`--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups.join(',')}`];
  return ['setpriv', ...ids, 'sh', '-c', 'umask 077; exec "$@"', 'sh', ...argv];
}

function order(port: number, argv: readonly string[], cwd: string): Remote {
  const socket = connect(port, '127.0.0.1');
  let stdout = '';
  let stderr = '';
  let end: Pick<Finished, 'code' | 'signal'> | undefined;
  const waiting = new Set<() => void>();
  const take = (message: Message): void => {
    if ('out' in message) stdout += message.out;
    else if ('err' in message) stderr += message.err;
    else end = message;
    for (const look of waiting) look();
  };
  const say = (what: object): void => void socket.write(`${JSON.stringify(what)}\n`);
  const lines = createInterface({ input: socket });
  lines.on('line', (line) => take(JSON.parse(line) as Message));
  const finished = new Promise<Finished>((resolve) => {
    // A host that dies hangs up without a word.
    socket.on('error', (error) => (stderr += String(error)));
    socket.on('close', () => {
      end ??= { code: null, signal: null };
      for (const look of waiting) look();
      resolve({ ...end, stdout, stderr });
    });
  });
  const env = { PATH: process.env['PATH'], HOME: '/run/home', TMPDIR: '/run/tmp', NO_COLOR: '1', TZ: 'UTC' };
  say({ argv, cwd, env });
  return {
    finished,
    line: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = stdout
            .split('\n')
            .slice(0, -1)
            .find((line) => line.includes(text));
          if (found === undefined && end === undefined) return;
          waiting.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`ended without '${text}':\n${stdout}\n${stderr}`));
        };
        waiting.add(look);
        look();
      }),
    send: (text) => say({ in: text }),
    kill: (signal) => say({ kill: signal }),
  };
}
