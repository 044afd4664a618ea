import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a contestant says of one turn. */
export interface Answer {
  readonly images: number;
  readonly seconds: number;
  /** Of all its threads. */
  readonly cpuSeconds: number;
  /** The most memory that it has held so far. */
  readonly peakMiB: number;
  /** Ours only: tensors alive. */
  readonly tensors?: number;
  /** Ours only, asked to profile: milliseconds and calls a step, by kernel. */
  readonly kernels?: Readonly<Record<string, { readonly ms: number; readonly calls: number }>>;
}

/** A program that stays up and answers a line with a line of JSON. */
export interface Contestant extends Disposable {
  readonly what: string;
  /** @param question - for how many seconds to work, or `profile` */
  ask(question: string): Promise<Answer>;
}

/** Starts a contestant; its first line says what it is. */
export async function askedFor(program: string, args: readonly string[]): Promise<Contestant> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`${program} ${args.join(' ')} ended before its answer`);
    return JSON.parse(line.value) as T;
  };
  const { what } = await answer<{ what: string }>();
  return {
    what,
    ask: (question) => {
      child.stdin.write(`${question}\n`);
      return answer<Answer>();
    },
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}
