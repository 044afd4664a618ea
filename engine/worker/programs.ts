import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';

/** What the programs of a job have at a moment. */
export interface ProgramUse {
  /** Memory that is theirs alone or shared among processes; what is mapped from files does not count. */
  readonly bytes: number;
  /** Processor time of those that live, in ticks of the system. */
  readonly ticks: number;
}

/** After so many looks, processes that were passed over are looked at again: numbers are given anew. */
const looksRemembered = 60;

/**
 * The programs of jobs, found by where they work: every process that works in a folder whose path begins so, or keeps its
 * temporary files there, whoever its parent is by now. Only where the system lists processes with their environments, as
 * Linux does; elsewhere there are none.
 */
export class Programs {
  readonly #prefixes: readonly string[];
  #others = new Set<number>();
  #looks = 0;

  /** Beginnings of absolute paths; that of a folder ends with a slash. */
  constructor(prefixes: readonly string[]) {
    this.#prefixes = [...new Set(prefixes.flatMap((prefix) => [prefix, asProcessesSee(prefix)]))];
  }

  living(): readonly number[] {
    if (++this.#looks % looksRemembered === 0) this.#others = new Set();
    return processNumbers().filter((pid) => {
      if (pid === process.pid || this.#others.has(pid)) return false;
      const isOurs = this.#isOurs(pid);
      if (!isOurs) this.#others.add(pid);
      return isOurs;
    });
  }

  /** Ends those that live now. */
  kill(): void {
    for (const pid of this.living()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }

  #isOurs(pid: number): boolean {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const places = variables.filter((each) => each.startsWith('TMPDIR=') || each.startsWith('HOME='));
      if (places.some((each) => this.#isInside(each.slice(each.indexOf('=') + 1)))) return true;
      // Without a terminal: somebody's shell may have gone there to look.
      return this.#isInside(readlinkSync(`/proc/${pid}/cwd`)) && statOf(pid)[4] === '0';
    } catch {
      // It has ended, or is another user's.
      return false;
    }
  }

  #isInside(path: string): boolean {
    return this.#prefixes.some((prefix) => `${path}/`.startsWith(prefix));
  }
}

/** Without links on the way. */
function asProcessesSee(prefix: string): string {
  const slash = prefix.lastIndexOf('/');
  try {
    return `${realpathSync(prefix.slice(0, slash))}${prefix.slice(slash)}`;
  } catch {
    return prefix;
  }
}

/** What some processes use, together. */
export function useOf(pids: readonly number[]): ProgramUse {
  let bytes = 0;
  let ticks = 0;
  for (const pid of pids) {
    try {
      bytes += memoryOf(pid);
      // utime and stime; proc(5) counts them as fields 14 and 15.
      ticks += Number(statOf(pid)[11]) + Number(statOf(pid)[12]);
    } catch {
      // It has ended.
    }
  }
  return { bytes, ticks };
}

/** Memory of a process that no file stands behind. */
export function memoryOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Fields of `/proc/PID/stat` from the third on: the second, a name, may itself hold spaces and brackets. */
function statOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
