import { spawn } from 'node:child_process';

export type CommandResult =
  /** `output` is all of it, standard error included. */
  | { readonly kind: 'done'; readonly stdout: string; readonly output: string }
  | { readonly kind: 'failed'; readonly code: number | null; readonly output: string }
  /** No such program on PATH. */
  | { readonly kind: 'absent' };

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end without a shell; its output is kept, not shown. */
export function runCommand(
  program: string,
  args: readonly string[],
  { cwd, env = process.env }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', () => resolve({ kind: 'absent' }));
    child.once('close', (code) => {
      resolve(
        code === 0 ? { kind: 'done', stdout, output } : { kind: 'failed', code, output: output.trim() },
      );
    });
  });
}

/** The last line that says something: what a person needs of a long output. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
