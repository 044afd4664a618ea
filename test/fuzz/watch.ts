import { fork } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../support/shared.ts';

export interface WatchRequest {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly inputs: number;
  /** Where the input that broke the reader goes. */
  readonly file: string;
  /** Silence after which the reader is taken to hang. */
  readonly silenceMs: number;
}

export type Watched =
  | { readonly kind: 'held'; readonly inputs: number; readonly slowestMs: number; readonly peakBytes: number }
  | { readonly kind: 'broke'; readonly at: number; readonly why: string }
  /** The process hung, or went down: one of the inputs from `at` on, 25 at most. */
  | { readonly kind: 'lost'; readonly at: number; readonly why: string };

type Message = Watched | { readonly kind: 'at'; readonly at: number };

/** Reads spoilt files in a process of its own, which a reader may hang or take down. */
export async function watchTarget(request: WatchRequest): Promise<Watched> {
  const { target, seed, from, inputs, file, silenceMs } = request;
  const child = fork(
    join(repositoryRoot, 'test/fuzz/run-target.ts'),
    [target, seed, from, inputs, file].map(String),
    {
      execArgv: ['--import', 'tsx', '--max-old-space-size=512'],
      cwd: repositoryRoot,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  return new Promise((resolve) => {
    let at = from;
    let end: Watched | undefined;
    let why = '';
    const hangs = (): void => {
      why = `silent for ${silenceMs / 1000} s`;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(hangs, silenceMs);
    child.on('message', (message: Message) => {
      clearTimeout(timer);
      timer = setTimeout(hangs, silenceMs);
      if (message.kind === 'at') ({ at } = message);
      else end = message;
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (why === '') why = `it went down (${signal ?? `exit ${code}`}): ${said}`;
      resolve(end ?? { kind: 'lost', at, why });
    });
  });
}
