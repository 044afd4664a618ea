import type { Command } from 'commander';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';

/** The command that a line calls, as it is written: `run`, `cache gc`; empty where it calls none. */
export function commandIn(program: Command, argv: readonly string[]): string {
  const path: string[] = [];
  let command = program;
  for (const word of argv) {
    const inner = command.commands.find((each) => each.name() === word);
    if (inner === undefined) break;
    path.push(word);
    command = inner;
  }
  return path.join(' ');
}

/** commander's own words (`error: …`, at times with a suggestion on a second line) in the shape of every other error. */
export function sayUsageError({
  text,
  io,
  called,
}: {
  readonly text: string;
  readonly io: Io;
  readonly called: string;
}): void {
  const [message = '', suggestion] = text.trim().split('\n');
  const meant = /^\(Did you mean (.+)\?\)$/.exec(suggestion ?? '')?.[1];
  const help =
    called === ''
      ? 'sweetspot --help lists the commands'
      : `sweetspot ${called} --help shows how it is called, with examples`;
  complain(
    io,
    message.replace(/^error: /, '').replace(/\.$/, ''),
    meant === undefined ? help : `did you mean ${meant}?`,
  );
}
