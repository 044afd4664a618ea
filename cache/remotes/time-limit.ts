import { setMaxListeners } from 'node:events';
import type { RemoteCall, RemoteFailure } from './remote.ts';

/** What has to go over in the time of the limit for a call to be thought alive. */
export const aliveBytes = 1024;

/**
 * The time of the limit is counted in so many looks. Where this process itself stands still (stopped by Ctrl-Z, or on a machine that is
 * too busy), all the looks that were due meanwhile are one: what has come in that time gets read before the remote is judged.
 */
const looksOfLimit = 8;

export interface LimitedCall {
  readonly timeoutMs: number;
  /** One of them is aborted where nobody waits any more. (Joined by `AbortSignal.any`, they take longer than a small request.) */
  readonly signals: readonly AbortSignal[];
}

/**
 * Runs a call that has to end, or to get bytes over, again and again within the time of the limit. Answers in time also
 * where the call itself hangs, as one into a dead mount does.
 */
export async function withinTime<T>(
  { timeoutMs, signals }: LimitedCall,
  run: (call: RemoteCall) => Promise<T>,
): Promise<T | RemoteFailure> {
  const given = new AbortController();
  // Many calls wait for the same to be called off, and many requests for the same call: that is no leak.
  setMaxListeners(0, given.signal, ...signals);
  let bytes = 0;
  let looks = 0;
  let giveUp: (failure: RemoteFailure) => void = () => undefined;
  const givenUp = new Promise<RemoteFailure>((resolve) => (giveUp = resolve));
  const end = (failure: RemoteFailure): void => {
    giveUp(failure);
    given.abort();
  };
  const looking = setInterval(() => {
    looks += 1;
    if (looks < looksOfLimit) return;
    if (bytes < aliveBytes) end(tooSlow(timeoutMs));
    looks = 0;
    bytes = 0;
  }, timeoutMs / looksOfLimit);
  const abort = (): void => end({ kind: 'remote-failure', reason: 'timeout', detail: 'was called off' });
  for (const signal of signals) {
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  }
  try {
    const running = run({ signal: given.signal, onBytes: (count) => (bytes += count) });
    return await Promise.race([running, givenUp]);
  } finally {
    clearInterval(looking);
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}

function tooSlow(timeoutMs: number): RemoteFailure {
  const detail = `gave no sign of life for ${timeoutMs / 1000} s`;
  return { kind: 'remote-failure', reason: 'timeout', detail };
}
