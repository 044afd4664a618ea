import { setTimeout as delay } from 'node:timers/promises';
import type { RemoteCall } from '../remote.ts';
import type { BucketError } from './bucket-errors.ts';
import { mayPass } from './bucket-errors.ts';

const mostAttempts = 4;
const firstPauseMs = 100;

/**
 * Makes a request again that fails for a reason which may pass, a few times, after pauses that double and that spread those who failed
 * together. What does not answer at all is asked once more only.
 */
export async function patiently<T extends { readonly kind: string }>(
  call: RemoteCall,
  action: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const answer = await action();
    if (attempt >= attemptsFor(answer) || !(await pauseAfter(attempt, call))) return answer;
  }
}

function attemptsFor(answer: {
  readonly kind: string;
  readonly reason?: string;
  readonly status?: number;
}): number {
  if (isBucketError(answer)) return mayPass(answer) ? mostAttempts : 1;
  if (answer.kind !== 'remote-failure') return 1;
  if (answer.reason === 'failed') return mostAttempts;
  return answer.reason === 'unreachable' ? 2 : 1;
}

/** Waits before the next attempt; false where nobody waits any more. */
export async function pauseAfter(attempt: number, { signal }: RemoteCall): Promise<boolean> {
  const mostMs = firstPauseMs * 2 ** (attempt - 1);
  try {
    await delay(mostMs * (0.5 + Math.random() / 2), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

export function isBucketError(answer: { readonly kind: string }): answer is BucketError {
  return answer.kind === 'bucket-error';
}
