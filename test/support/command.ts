import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './shared.ts';

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves with the first line of standard output for which `test` holds; rejects if the process ends without one. */
  line(test: (line: string) => boolean): Promise<string>;
}

const entry = join(repositoryRoot, 'dist/cli/main.js');

/** Starts the real, compiled command in `cwd`. Colours off, an own process group where asked for. */
export function startSweetspot(
  args: readonly string[],
  options: { readonly cwd: string; readonly detached?: boolean; readonly env?: NodeJS.ProcessEnv },
): Started {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: options.cwd,
    detached: options.detached === true,
    // Device leases lie in the temporary folder: with one of its own, a test waits for nothing else on this machine.
    env: {
      ...process.env,
      NO_COLOR: '1',
      SWEETSPOT_CACHE: undefined,
      TMPDIR: options.cwd,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let ended = false;
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => {
      ended = true;
      for (const look of waiting) look();
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    finished,
    line: (test) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const lines = stdout.split('\n').slice(0, -1);
          const found = lines.find(test);
          if (found !== undefined) {
            waiting.delete(look);
            resolve(found);
          } else if (ended) {
            waiting.delete(look);
            reject(new Error(`ended without the line:\n${stdout}\n${stderr}`));
          }
        };
        waiting.add(look);
        look();
      }),
  };
}

export function sweetspot(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Finished> {
  return startSweetspot(args, options).finished;
}

/** A folder that is removed when the scope ends, also where a worker that outlives its driver still writes to it. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'sweetspot-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 20 }) };
}
