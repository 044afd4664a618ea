import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import type { RunFlags } from '../flags.ts';
import type { Io } from '../io.ts';

export interface Refresher {
  /** Begins no more, ends the one under way, and resolves when it has. */
  stop(): Promise<void>;
}

/**
 * Makes a running study's report again and again, each `everyMs` after the last was done, by `sweetspot report` in a process of its
 * own and of low priority: drawing takes seconds, in which the driver has to listen to its workers.
 */
export function reportEvery(request: {
  readonly everyMs: number;
  readonly file: string;
  readonly flags: RunFlags;
  readonly io: Io;
}): Refresher {
  const { everyMs, file, flags, io } = request;
  const args = [...process.execArgv, process.argv[1]!, 'report', file, ...sharedFlags(flags)];
  let child: ChildProcess | undefined;
  let stopped = false;
  let timer = setTimeout(refresh, everyMs);
  function refresh(): void {
    // What it says (nothing is there yet; a result was left out) is told again by the next, and at the end by the run.
    const begun = spawn(process.execPath, args, { cwd: io.cwd, env: io.env, stdio: 'ignore' });
    child = begun;
    yieldTo(begun.pid);
    const next = (): void => {
      if (child !== begun) return;
      child = undefined;
      if (!stopped) timer = setTimeout(refresh, everyMs);
    };
    begun.once('error', next).once('close', next);
  }
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      if (child === undefined) return;
      const closed = once(child, 'close');
      child.kill();
      await closed;
    },
  };
}

/** Lets everything else on the machine go first. Where that is not allowed, the page is drawn all the same. */
function yieldTo(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Gone already, or a machine on which nobody may change priorities.
  }
}

/** What of a run's command line decides which plan it is, and where its report goes. */
function sharedFlags(flags: RunFlags): readonly string[] {
  return [
    ...flags.param.map((pair) => `--param=${pair}`),
    ...flags.data.map((pair) => `--data=${pair}`),
    ...(flags.smoke === true ? ['--smoke'] : []),
    ...(flags.cache === undefined ? [] : [`--cache=${flags.cache}`]),
    ...(flags.out === undefined ? [] : [`--out=${flags.out}`]),
  ];
}
