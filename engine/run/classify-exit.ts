import type { TaskFailure } from './events.ts';
import type { WorkerExit } from './executor.ts';

/** V8 says this nowhere but on stderr, and then aborts. */
const heapExhausted = /heap out of memory/;

/** Why a worker that nobody told to end has ended with a task in hand. */
export function classifyExit(exit: WorkerExit, peakBytes: number): TaskFailure {
  const { exitCode, signal, lastWords } = exit;
  const aborted = signal === 'SIGABRT' || exitCode === 134;
  const killed = signal === 'SIGKILL' || exitCode === 137;
  if ((aborted && heapExhausted.test(lastWords)) || (killed && exit.kernelRanOutOfMemory)) {
    const limit = killed ? 'the machine' : "JavaScript's heap";
    return {
      class: 'out-of-memory',
      message: `${limit} ran out of memory; the worker had used up to ${inMegabytes(peakBytes)} MB when last seen`,
      peakBytes,
    };
  }
  const how = signal === null ? `exited with code ${exitCode ?? 'unknown'}` : `was ended by ${signal}`;
  const words = lastWords === '' ? '' : `; it last wrote: ${lastWords.slice(-500)}`;
  return {
    class: 'lost',
    message: `the worker ${how} before the task was done${words}`,
    ...(signal === null ? {} : { signal }),
    ...(exitCode === null ? {} : { exitCode }),
  };
}

function inMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
