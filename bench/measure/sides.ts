import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that stays up, and measures when a line tells it to. */
export interface Side {
  readonly process: ChildProcess;
  /** What it says it is. */
  readonly what: string;
  /** Its next answer, a line of JSON. */
  readonly answer: () => Promise<Record<string, unknown>>;
}

/** Starts a side and waits until it says what it is. */
export async function startSide(program: string, args: readonly string[]): Promise<Side> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`${program} ended before its answer`);
    return JSON.parse(line.value) as Record<string, unknown>;
  };
  return { process: child, what: String((await answer())['what']), answer };
}

/** Has a side measure `phase` for so long. */
export async function takeTurn(
  side: Side,
  phase: string,
  seconds: number,
): Promise<{ readonly [figure: string]: number }> {
  side.process.stdin!.write(`${phase} ${seconds}\n`);
  return (await side.answer()) as { readonly [figure: string]: number };
}
