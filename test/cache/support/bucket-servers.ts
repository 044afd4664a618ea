import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../support/ports.ts';

/** A running server that is compatible with S3, with a bucket called `team`. */
export interface BucketServer {
  readonly endpoint: string;
  /** May do everything there. */
  readonly member: Credentials;
  /** May read objects and not list them; undefined where the server knows one person only. */
  readonly reader?: Credentials;
  readonly stop: () => Promise<void>;
}

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

export interface BucketProgram {
  readonly name: string;
  /** Whether there is a `reader`. */
  readonly knowsReaders: boolean;
  readonly start: () => Promise<BucketServer>;
}

/** A Python that has moto, of the ones that `.ci/run` and `SWEETSPOT_TEST_MOTO` provide. */
const motoPython = [
  process.env['SWEETSPOT_TEST_MOTO'] ?? '',
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sweetspot/moto/bin/python'),
].find((python) => python !== '' && spawnSync(python, ['-c', 'import moto.server, boto3']).status === 0);
const hasVersity = spawnSync('versitygw', ['--version']).status === 0;

/** Servers that are installed here, each a program of others, and each checks signatures. */
export const bucketPrograms: readonly BucketProgram[] = [
  ...(motoPython === undefined
    ? []
    : [{ name: 'moto', knowsReaders: true, start: () => startMoto(motoPython) }]),
  ...(hasVersity ? [{ name: 'versitygw', knowsReaders: false, start: startVersity }] : []),
];
if (bucketPrograms.length === 0)
  process.stderr.write('NOT CHECKED with a bucket: neither moto (PyPI) nor versitygw (Go) is installed\n');

/** The variables by which credentials are given to a remote called `team`. */
export function credentialsOf({ id, secret }: Credentials): Record<string, string> {
  return { SWEETSPOT_REMOTE_TEAM_ACCESS_KEY_ID: id, SWEETSPOT_REMOTE_TEAM_SECRET_ACCESS_KEY: secret };
}

async function startMoto(python: string): Promise<BucketServer> {
  const program = fileURLToPath(new URL('moto_bucket.py', import.meta.url));
  const child = spawn(python, [program], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  for await (const line of createInterface(child.stdout)) {
    const started = JSON.parse(line) as Omit<BucketServer, 'stop'>;
    return { ...started, stop: () => stopped(child) };
  }
  throw new Error(`moto did not start: ${said}`);
}

async function startVersity(): Promise<BucketServer> {
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-bucket-'));
  await mkdir(join(dir, 'team'));
  const port = await freePort();
  const member = { id: 'member', secret: 'a-secret-of-the-test' };
  const keys = ['--access', member.id, '--secret', member.secret];
  const listening = ['--port', `127.0.0.1:${port}`, '--keep-alive', '--health', '/health', '--quiet'];
  const child = spawn('versitygw', [...keys, ...listening, 'posix', dir], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${endpoint}/health`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error('versitygw did not start');
    await delay(20);
  }
  const stop = async (): Promise<void> => {
    await stopped(child);
    await rm(dir, { recursive: true, force: true });
  };
  return { endpoint, member, stop };
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.on('exit', resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await ended;
}
