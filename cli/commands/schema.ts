import { studySchema } from '../../engine/study/schema.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { say } from '../io.ts';
import type { Io } from '../io.ts';
import { registry } from '../registry.ts';

/** Prints the JSON Schema of studies. */
export function schemaCommand(io: Io): Promise<ExitCode> {
  say(io, JSON.stringify(studySchema(registry), null, 2));
  return Promise.resolve(exitCode.done);
}
