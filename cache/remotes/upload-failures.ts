import type { RemoteFailure } from './remote.ts';

export function unreadable(detail: string): RemoteFailure {
  return {
    kind: 'remote-failure',
    reason: 'failed',
    detail: `what was to be brought cannot be read: ${detail}`,
  };
}

export const damagedHere: RemoteFailure = {
  kind: 'remote-failure',
  reason: 'wrong-bytes',
  detail: 'what was to be brought is damaged here',
};
