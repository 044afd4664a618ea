#!/usr/bin/env node
import { errorCode, isNoSpace } from '../cache/system-error.ts';
import { buildProgram } from './program.ts';
import { exitCode } from './exit-codes.ts';
import { complain, processIo } from './io.ts';

/** How a stream says that nobody reads it any more: a pipe (`sweetspot ls | head`), or a terminal that was closed. */
const unread: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

// That is no error: the command goes on to its own end and exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!unread.has(error.code)) throw error;
  });
}

const argv = process.argv.slice(2);
const io = processIo(argv);
try {
  process.exitCode = await buildProgram(io).run(argv);
} catch (error) {
  if (errorCode(error) === undefined) {
    complain(
      io,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      'this is a bug of sweetspot; please report it with the lines above',
    );
    process.exitCode = exitCode.taskFailed;
  } else {
    // A folder that may not be written, a full disk: the system's own words name the path.
    complain(io, error instanceof Error ? error.message : String(error), systemHint(error));
    process.exitCode = exitCode.machine;
  }
}

function systemHint(error: unknown): string {
  if (isNoSpace(error)) return 'make room there, or name another folder; then run the same again';
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'that may not be written here: mend its permissions, or name another folder (--cache DIR, --out DIR)';
    case 'EMFILE':
    case 'ENFILE':
      return 'more files are open than this system allows: ulimit -n raises it';
    default:
      return 'the system refused that; sweetspot doctor looks at what this machine offers';
  }
}
