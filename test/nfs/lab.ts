import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/shared.ts';
import { smallDisk } from '../faults/small-disk.ts';
import type { SmallDisk } from '../faults/small-disk.ts';
import { connectHost } from './host.ts';
import type { Host } from './host.ts';

/** Above the gigabyte that `cache init` wants to be free. */
const diskBytes = 1.25 * 1024 ** 3;
const scripts = join(repositoryRoot, 'scripts/nfs');

/** An NFS server of this test alone, and hosts that mount what it shares (`scripts/nfs`). */
export interface Lab extends AsyncDisposable {
  /** The server's disk. */
  readonly disk: Pick<SmallDisk, 'fill' | 'empty'>;
  /** Boots a host that mounts it at `/mnt`. */
  boot(name: string, options?: BootOptions): Promise<Host>;
  /** Ends a host, as when its plug is pulled. */
  pullPlug(name: string): Promise<void>;
  /** The server stops answering, and answers again: whatever it was asked meanwhile, too. */
  hang(): Promise<void>;
  goOn(): Promise<void>;
  /** Ends the server, as a crash does, and starts it again. */
  crash(): Promise<void>;
}

export interface BootOptions {
  /** What time it thinks it is, as `2026-01-01T00:00:00`; default: the right one. */
  readonly clock?: string;
  /** Of its mount; default: those of a plain mount by NFS 4.2. */
  readonly mount?: string;
}

export async function openLab(): Promise<Lab> {
  const dir = await mkdtemp('/tmp/sweetspot-nfs-');
  const disk = smallDisk(join(dir, 'export'), diskBytes);
  const run = promisify(execFile);
  const script = async (
    name: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<string> =>
    (await run(join(scripts, name), [dir, ...args], { env: { ...process.env, ...env } })).stdout;
  const server = async (): Promise<number> => Number(await readFile(join(dir, 'pids/ganesha.nfsd'), 'utf8'));
  const lab: Lab = {
    disk,
    async boot(name, { clock, mount } = {}) {
      const said = await script('boot.sh', [name, ...(clock === undefined ? [] : [clock])], {
        NFS_OPTIONS: mount,
      });
      return connectHost(name, Number(/^AGENT_PORT=(\d+)$/m.exec(said)?.[1]));
    },
    async pullPlug(name) {
      await script('stop.sh', [name]);
    },
    async hang() {
      process.kill(await server(), 'SIGSTOP');
    },
    async goOn() {
      process.kill(await server(), 'SIGCONT');
    },
    async crash() {
      await script('stop.sh', ['server']);
      await script('start.sh', []);
    },
    async [Symbol.asyncDispose]() {
      await script('stop.sh', []);
      disk[Symbol.dispose]();
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  try {
    await script('start.sh', []);
    return lab;
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
}
