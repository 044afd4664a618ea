#!/usr/bin/env node
import { buildProgram } from './program.ts';
import { exitCode } from './exit-codes.ts';
import { complain, processIo } from './io.ts';

// A reader that went away (`sweetspot ls | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.done);
  throw error;
});

const io = processIo();
try {
  process.exitCode = await buildProgram(io).run(process.argv.slice(2));
} catch (error) {
  complain(
    io,
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    'this is a bug of sweetspot; please report it with the lines above',
  );
  process.exitCode = exitCode.taskFailed;
}
