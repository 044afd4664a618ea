import { setMaxListeners } from 'node:events';
import type { RemoteCall, RemoteFailure } from './remote.ts';

/** What has to go over in the time of the limit for a call to be thought alive. */
export const aliveBytes = 1024;

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
  let giveUp: (failure: RemoteFailure) => void = () => undefined;
  const givenUp = new Promise<RemoteFailure>((resolve) => (giveUp = resolve));
  const end = (failure: RemoteFailure): void => {
    giveUp(failure);
    given.abort();
  };
  const look = setInterval(() => {
    if (bytes < aliveBytes) end(tooSlow(timeoutMs));
    bytes = 0;
  }, timeoutMs);
  const abort = (): void => end({ kind: 'remote-failure', reason: 'timeout', detail: 'was called off' });
  for (const signal of signals) {
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  }
  try {
    const running = run({ signal: given.signal, onBytes: (count) => (bytes += count) });
    return await Promise.race([running, givenUp]);
  } finally {
    clearInterval(look);
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}

function tooSlow(timeoutMs: number): RemoteFailure {
  const detail = `gave no sign of life for ${timeoutMs / 1000} s`;
  return { kind: 'remote-failure', reason: 'timeout', detail };
}
