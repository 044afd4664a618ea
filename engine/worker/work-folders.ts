import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../cache/digest.ts';
import { isOnLocalDisk } from '../../cache/local-disk.ts';
import { livenessOf, ownIdentity } from '../../cache/process-identity.ts';
import type { ProcessIdentity } from '../../cache/process-identity.ts';
import { endProgramsIn } from './end-programs.ts';
import { isRunning } from './is-running.ts';

/**
 * A path, not there yet, where a job of this process may keep its inputs, outputs and scratch: on the store's own file
 * system. Its name tells later whether the process is gone, and is short: programs make sockets below it, whose paths
 * may hold no more than about a hundred characters.
 */
export function newWorkFolder(storeRoot: string): string {
  return `${ownWorkFolders(storeRoot)}${randomBytes(4).toString('hex')}`;
}

/** How the paths of this process's work folders begin. */
export function ownWorkFolders(storeRoot: string): string {
  ownPrefix ??= prefixOf(ownIdentity());
  return join(workFolders(storeRoot), ownPrefix);
}

let ownPrefix: string | undefined;

/**
 * Ends and removes what workers that are gone have left behind: programs that they had started, which would go on for
 * nobody, and their folders. With `pid`, of that process of this host alone.
 */
export async function sweepWork(storeRoot: string, pid?: number): Promise<void> {
  const home = workFolders(storeRoot);
  const names = await readdir(home).catch(() => []);
  if (names.length === 0) return;
  const onLocalDisk = await isOnLocalDisk(home);
  const self = ownIdentity();
  const dead = names.filter((name) => {
    const owner = ownerOf(name, self);
    if (owner === undefined || (pid !== undefined && owner.pid !== pid)) return false;
    return isGone(owner, onLocalDisk);
  });
  if (dead.length === 0) return;
  await endProgramsIn(dead.map((name) => `${join(home, name)}/`));
  // What another user has left is theirs to remove.
  for (const name of dead)
    await rm(join(home, name), { recursive: true, force: true }).catch(() => undefined);
}

/** The folder that holds them all. */
export function workFolders(storeRoot: string): string {
  return join(storeRoot, 'work');
}

function prefixOf(owner: ProcessIdentity): string {
  return `${tagsOf(owner).join('')}-${owner.pid}-${owner.startTicks ?? ''}-`;
}

/** Of the host, of the boot of its kernel, and of the namespace in which it numbers its processes. */
function tagsOf({ host, boot = ' ' }: ProcessIdentity): readonly [string, string, string] {
  const [kernel = '', namespace = ''] = boot.split(' ');
  return [tagOf(host), tagOf(kernel), tagOf(namespace)];
}

function tagOf(text: string): string {
  return digestOf(text).slice(0, 4);
}

/** Whose a folder is by its name; undefined for another host's, or none of ours. */
function ownerOf(name: string, self: ProcessIdentity): ProcessIdentity | undefined {
  const match = /^(.{4})(.{4})(.{4})-(\d+)-(\d*)-[0-9a-f]+$/.exec(name);
  if (match === null) return undefined;
  const [, host, kernel, namespace, pid, startTicks = ''] = match;
  const own = tagsOf(self);
  if (host !== own[0]) return undefined;
  const [ownKernel = '', ownNamespace = ''] = self.boot?.split(' ') ?? [];
  const boot = [kernel === own[1] ? ownKernel : 'another', namespace === own[2] ? ownNamespace : 'another'];
  return {
    host: self.host,
    pid: Number(pid),
    ...(self.boot === undefined ? {} : { boot: boot.join(' ') }),
    ...(startTicks === '' ? {} : { startTicks }),
  };
}

function isGone(owner: ProcessIdentity, onLocalDisk: boolean): boolean {
  // Where the system names no boots, a number is all there is.
  if (owner.boot === undefined) return !isRunning(owner.pid);
  return livenessOf(owner, { onLocalDisk }) === 'dead';
}
