import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program to run, without a shell. */
export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Beside, or in place of, what the bench itself sees. */
  readonly env?: { readonly [name: string]: string };
}

/** What one run of a command cost. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time of the program and all it started and waited for. */
  readonly cpuMs: number;
  /** Of the largest single process. */
  readonly peakMiB: number;
  /** The machine's load average (one minute) when it began. */
  readonly load: number;
}

export type Outcome =
  | ({ readonly kind: 'ran' } & Cost)
  | { readonly kind: 'too-slow'; readonly limitMs: number }
  | { readonly kind: 'failed'; readonly message: string };

interface Report {
  readonly wall: number;
  readonly cpu: number;
  readonly peakKiB: number;
  readonly code: number;
  readonly late: boolean;
}

/** Runs a command to its end, or for `limitMs`, and tells its cost. What it prints goes to a file and is thrown away. */
export function timedRun({ argv, cwd, env }: Command, limitMs: number): Outcome {
  const load = loadavg()[0]!;
  const printed = join(tmpdir(), `sweetspot-bench-output-${process.pid}`);
  const sink = openSync(printed, 'w');
  try {
    const wrapper = join(import.meta.dirname, 'run_timed.py');
    const { status, signal, output } = spawnSync(
      'python3',
      ['-I', '-S', wrapper, String(limitMs / 1000), ...argv],
      { cwd, env: { ...process.env, ...env }, stdio: ['ignore', sink, sink, 'pipe'], encoding: 'utf8' },
    );
    const answer = output[3] ?? '';
    if (status !== 0 || answer === '') {
      return {
        kind: 'failed',
        message: `${argv[0]!}: ${signal ?? `code ${String(status)}`} ${tail(printed)}`,
      };
    }
    const report = JSON.parse(answer) as Report;
    if (report.late) return { kind: 'too-slow', limitMs };
    if (report.code !== 0) {
      return { kind: 'failed', message: `${argv[0]!} ended with ${report.code}: ${tail(printed)}` };
    }
    return {
      kind: 'ran',
      wallMs: report.wall * 1000,
      cpuMs: report.cpu * 1000,
      peakMiB: report.peakKiB / 1024,
      load,
    };
  } finally {
    closeSync(sink);
    rmSync(printed, { force: true });
  }
}

/** The end of what was printed: that is where programs say what went wrong. */
function tail(path: string): string {
  return readFileSync(path, 'utf8').trim().split('\n').slice(-12).join('\n').slice(-2000);
}
