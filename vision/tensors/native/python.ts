import { stop, succeed, type Step } from './problem.ts';
import { runCommand } from './run-command.ts';

/** Finds a Python 3 that has pip: the client through which wheels are fetched. */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Step<string>> {
  let seen = false;
  for (const program of ['python3', 'python']) {
    const version = await runCommand(program, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'], {
      env,
    });
    if (version.kind !== 'done') continue;
    seen = true;
    const pip = await runCommand(program, ['-m', 'pip', '--version'], { env });
    if (pip.kind === 'done') return succeed(program);
  }
  return seen
    ? stop({ kind: 'pip', why: 'Python has no pip', mend: 'install pip (python3-pip)' })
    : stop({
        kind: 'python',
        why: 'there is no Python 3 on PATH',
        mend: 'install Python 3.8 or newer with pip',
      });
}
