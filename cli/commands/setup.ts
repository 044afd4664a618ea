import { setUpNative } from '../../vision/tensors/native/set-up.ts';
import type { SetupFlags } from '../flags.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { say } from '../io.ts';
import type { Io } from '../io.ts';

/** Builds the native backend. What is missing for it is said by the set-up itself, with the way to mend it. */
export async function setupCommand(request: {
  readonly flags: SetupFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const result = await setUpNative({
    log: (line) => io.err.write(`${line}\n`),
    ...(flags.backend === undefined ? {} : { variant: flags.backend }),
  });
  if (result.kind === 'unavailable') return exitCode.machine;
  say(io, `TensorFlow ${result.status.version} (${result.status.variant}) is ready in ${result.status.dir}`);
  return exitCode.done;
}
