/** What the process says to its caller. */
export const exitCode = {
  done: 0,
  /** A task failed, or was blocked by one that did. */
  taskFailed: 1,
  /** The study or the command line is wrong; nothing was run. */
  usage: 2,
  /** The machine is in the way: no space, no permission, no data. */
  machine: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
