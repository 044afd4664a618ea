import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that stays up, beside others, and answers a line with a line of JSON. */
export interface Contestant<Answer> extends Disposable {
  /** What it says it is. */
  readonly what: string;
  ask(question: string): Promise<Answer>;
}

/** Starts a contestant; its first line says what it is. */
export async function startContestant<Answer>(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Contestant<Answer>> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`${program} ${args.join(' ')} ended before its answer`);
    return JSON.parse(line.value) as T;
  };
  const { what } = await next<{ what: string }>();
  return {
    what,
    ask: (question) => {
      child.stdin.write(`${question}\n`);
      return next<Answer>();
    },
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}
