import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';

/** What commands are added to. */
export interface Grammar {
  /** The command that they are commands of. */
  readonly program: Command;
  readonly io: Io;
  /** An action whose answer becomes the exit code. Its code is loaded when it is called. */
  readonly does: <A extends unknown[]>(
    action: (...args: A) => Promise<ExitCode>,
  ) => (...args: A) => Promise<void>;
}
