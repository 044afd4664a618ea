import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** SIGKILL is obeyed at once, but for a process that waits for a disk. */
const longestWaitMs = 5_000;
const lookMs = 10;

/**
 * Ends every process that works in one of these folders (absolute) or keeps its temporary files there, and all that such a
 * process has started meanwhile: whoever began them is gone, and nobody would take what they make. Resolves when none is
 * left. Only where the system lists processes with their environments, as Linux does.
 */
export async function endProgramsIn(dirs: readonly string[]): Promise<void> {
  if (dirs.length === 0) return;
  const until = performance.now() + longestWaitMs;
  for (let left = programsIn(dirs); left.length > 0; left = programsIn(dirs)) {
    for (const pid of left) kill(pid);
    if (performance.now() > until) return;
    await delay(lookMs);
  }
}

function programsIn(dirs: readonly string[]): readonly number[] {
  const prefixes = dirs.map((dir) => `${dir}/`);
  const isInside = (path: string): boolean => prefixes.some((prefix) => `${path}/`.startsWith(prefix));
  return processNumbers().filter((pid) => {
    if (pid === process.pid) return false;
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const places = variables.filter((each) => each.startsWith('TMPDIR=') || each.startsWith('HOME='));
      if (places.some((each) => isInside(each.slice(each.indexOf('=') + 1)))) return true;
      // Without a terminal: somebody's shell may have gone there to look.
      return isInside(readlinkSync(`/proc/${pid}/cwd`)) && !hasTerminal(pid);
    } catch {
      // It has ended, or is another user's.
      return false;
    }
  });
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Field 7 of `/proc/PID/stat` (proc(5)). */
function hasTerminal(pid: number): boolean {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[4] !== '0';
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
