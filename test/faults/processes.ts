import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process of a rig, and what it is. */
export interface RigProcess {
  readonly pid: number;
  readonly what: 'driver' | 'worker' | 'program';
}

/**
 * Every living process that works in a folder or below it, or keeps its temporary files there: drivers, workers, and the
 * programs of tasks, whoever their parents are by now.
 */
export function processesIn(dir: string): readonly RigProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || !isIn(dir, pid)) return [];
    const what = kindOf(pid);
    return what === undefined ? [] : [{ pid, what }];
  });
}

/** SIGKILL to all of them, as near to one moment as can be. Answers how many there were. */
export function killAll(processes: readonly RigProcess[]): number {
  // Nobody gets to react to the death of another.
  for (const { pid } of processes) signal(pid, 'SIGSTOP');
  return processes.filter(({ pid }) => signal(pid, 'SIGKILL')).length;
}

/** Whether there was such a process. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Whether a process lives: one that has ended, and waits to be asked for its exit code, does not. */
export function lives(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !['Z', 'X'].includes(text.slice(text.lastIndexOf(')') + 2).charAt(0));
  } catch {
    return false;
  }
}

function isIn(dir: string, pid: number): boolean {
  try {
    // A process that has ended, and waits to be asked for its exit code, has neither.
    if (`${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${dir}/`)) return true;
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`\0TMPDIR=${dir}`);
  } catch {
    return false;
  }
}

/** Undefined for one that has ended meanwhile. */
function kindOf(pid: number): RigProcess['what'] | undefined {
  const line = commandLineOf(pid);
  if (line === undefined) return undefined;
  if (line.includes('dist/cli/worker.js')) return 'worker';
  return line.includes('dist/cli/main.js') ? 'driver' : 'program';
}

function commandLineOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return undefined;
  }
}
