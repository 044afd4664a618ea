import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What names a process beyond its number, which is used again. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Of this boot of the kernel, and of the process's view of it; undefined where the system tells no such thing. */
  readonly boot?: string;
  /** Start of the process in ticks since the boot. */
  readonly startTicks?: string;
  /** Of a process that a cluster has started: it has ended at the latest when its job has. */
  readonly job?: ClusterJobName;
}

/** What names a job of a cluster's queue, for whoever asks that queue. */
export interface ClusterJobName {
  readonly cluster: string;
  readonly id: string;
  /** Number of the user whose job it is: a queue may hide those of others. */
  readonly user: number;
}

export type Liveness = 'alive' | 'dead' | 'unknown';

export function ownIdentity(): ProcessIdentity {
  const boot = ownBoot();
  const startTicks = startTicksOf(process.pid);
  return {
    host: hostname(),
    pid: process.pid,
    ...(boot === undefined ? {} : { boot }),
    ...(startTicks === undefined ? {} : { startTicks }),
  };
}

/**
 * Whether another process lives, as far as this one can tell. Of processes under the same boot and in the same process
 * namespace it is known for certain. `onLocalDisk`: the process has told of itself on a disk of this very machine; then
 * one of a host of the same name, but under another boot, ended with that boot. On a shared disk names of hosts prove
 * nothing: cloned machines share them.
 */
export function livenessOf(
  other: ProcessIdentity,
  { onLocalDisk = false }: { readonly onLocalDisk?: boolean } = {},
): Liveness {
  const boot = ownBoot();
  if (boot === undefined || other.boot === undefined) return 'unknown';
  if (other.boot !== boot) {
    const isEarlier = onLocalDisk && other.host === hostname() && kernelOf(other.boot) !== kernelOf(boot);
    return isEarlier ? 'dead' : 'unknown';
  }
  const startTicks = startTicksOf(other.pid);
  if (startTicks === undefined) return 'dead';
  return startTicks === other.startTicks ? 'alive' : 'dead';
}

/** Two containers on one kernel share the boot, but number their processes each for itself. */
function ownBoot(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** A boot's own part, which all its process namespaces share. */
function kernelOf(boot: string): string {
  return boot.slice(0, boot.indexOf(' '));
}

/** Field 22 of `/proc/PID/stat` (proc(5)); undefined for no such process, and for one that has ended but not been reaped. */
function startTicksOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command's name, may itself hold spaces and brackets.
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
