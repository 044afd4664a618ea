import { join, resolve } from 'node:path';
import type { RunFlags } from './flags.ts';
import type { Io } from './io.ts';
import type { Workspace } from './workspace.ts';

/** Where a study's reports go; see docs/decisions/0002-where-reports-go.md. */
export function outDirOf(request: {
  readonly study: string;
  readonly workspace: Workspace;
  readonly flags: Pick<RunFlags, 'out' | 'smoke'>;
  readonly io: Io;
}): string {
  const { study, workspace, flags, io } = request;
  const name = flags.smoke === true ? `${study}-smoke` : study;
  return flags.out === undefined ? join(workspace.outDir, name) : resolve(io.cwd, flags.out);
}
