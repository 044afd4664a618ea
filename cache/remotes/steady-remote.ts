import type { StoreFolder } from '../store.ts';
import type { Outages } from './outages.ts';
import type { Remote, RemoteCall, RemoteFailure } from './remote.ts';
import type { RemoteSettings } from './remote-settings.ts';
import { noUse } from './remote-use.ts';
import type { RemoteUse } from './remote-use.ts';
import { SharedLine } from './shared-line.ts';
import { Throttle } from './throttle.ts';
import { aliveBytes, withinTime } from './time-limit.ts';

/** Troubles in a row that a remote which answers may have. */
const troublesBorne = 3;

/** A remote whose calls end in time, and which is left alone, with one warning, once it turns out to be of no use. */
export interface SteadyRemote extends Remote {
  readonly name: string;
  readonly pull: boolean;
  readonly push: boolean;
  /** Counts what it is good for, as long as this process lasts. */
  readonly use: RemoteUse;
  /** Whether calls of that direction still go out. */
  isUsed(direction: Direction): boolean;
  /** Questions of who brings something: they go out also where nothing may be read for use, and what is refused stops the bringing. */
  readonly forPush: Pick<Remote, 'getAction' | 'hasBlobs'>;
}

type Direction = 'pull' | 'push';
type Wish<T> = (remote: Remote, call: RemoteCall) => Promise<T>;

/**
 * One that does not answer, or not in time, is left alone at once, so that a dead remote costs a run one time limit and no
 * more; one that refuses, in that direction; one that fails at times, when it has done so several times in a row.
 */
export function steadyRemote(request: {
  readonly remote: Remote;
  /** The store that it lies behind. */
  readonly folder: StoreFolder;
  readonly settings: RemoteSettings;
  readonly outages: Outages;
  readonly onTrouble: (message: string) => void;
}): SteadyRemote {
  const { remote, folder, outages, onTrouble } = request;
  const { name, timeoutMs, pull, push, bandwidth } = request.settings;
  const throttleOf = (direction: Direction): Throttle | undefined =>
    bandwidth === undefined
      ? undefined
      : new Throttle(bandwidth, new SharedLine(folder, `${name} ${direction}`));
  const throttles = { pull: throttleOf('pull'), push: throttleOf('push') };
  const stopped = { pull: new AbortController(), push: new AbortController() };
  const use = noUse();
  let troubles = 0;
  const isUsed = (direction: Direction): boolean =>
    !stopped[direction].signal.aborted && !outages.has(`${name}.${direction}`);

  const leave = async (directions: readonly Direction[], { detail }: RemoteFailure): Promise<void> => {
    let isNews = false;
    for (const each of directions) isNews = (await outages.add(`${name}.${each}`)) || isNews;
    for (const each of directions) stopped[each].abort();
    if (!isNews) return;
    const way = directions.length > 1 ? '' : directions[0] === 'pull' ? ' for reading' : ' for writing';
    onTrouble(`remote '${name}' is left alone${way} from here on: ${detail}`);
  };
  const call = async <T extends { readonly kind: string }>(
    direction: Direction,
    callerSignal: AbortSignal,
    onBytes: RemoteCall['onBytes'],
    wish: Wish<T>,
  ): Promise<T | RemoteFailure> => {
    if (!isUsed(direction)) return leftAlone;
    const { signal } = stopped[direction];
    const throttle = throttles[direction];
    const answer = await withinTime({ timeoutMs, signals: [signal, callerSignal] }, (limited) =>
      wish(remote, {
        signal: limited.signal,
        onBytes: (count) => {
          limited.onBytes(count);
          onBytes(count);
        },
        ...(throttle === undefined
          ? {}
          : { pace: (count) => paced(throttle, { count, limited, timeoutMs }) }),
      }),
    );
    if (!isFailure(answer)) {
      troubles = 0;
      return answer;
    }
    if (signal.aborted || callerSignal.aborted) return answer;
    switch (answer.reason) {
      case 'unreachable':
      case 'timeout':
        await leave(['pull', 'push'], answer);
        break;
      case 'refused':
        await leave([direction], answer);
        break;
      case 'failed':
        troubles += 1;
        if (troubles >= troublesBorne) await leave(['pull', 'push'], answer);
        else onTrouble(`remote '${name}': ${answer.detail}`);
        break;
      case 'wrong-bytes':
    }
    return answer;
  };
  const questions = (direction: Direction): Pick<Remote, 'getAction' | 'hasBlobs'> => ({
    getAction: (key, { signal, onBytes }, signers) =>
      call(direction, signal, onBytes, (to, limited) => to.getAction(key, limited, signers)),
    hasBlobs: (digests, { signal, onBytes }) =>
      call(direction, signal, onBytes, (to, limited) => to.hasBlobs(digests, limited)),
  });
  return {
    ...(remote.checksUploads === true ? { checksUploads: true } : {}),
    name,
    use,
    pull,
    push,
    isUsed,
    getAction: questions('pull').getAction,
    getBlob: (blob, { signal, onBytes }) =>
      call('pull', signal, onBytes, (to, limited) => to.getBlob(blob, limited)),
    hasBlobs: questions('pull').hasBlobs,
    forPush: questions('push'),
    putBlob: async (blob, { signal, onBytes }) => {
      const put = await call('push', signal, onBytes, (to, limited) => to.putBlob(blob, limited));
      if (put.kind === 'stored') {
        use.sentBlobs += 1;
        use.sentBytes += blob.sizeBytes;
      }
      return put;
    },
    putAction: (action, { signal, onBytes }) =>
      call('push', signal, onBytes, (to, limited) => to.putAction(action, limited)),
  };
}

/** Waiting for one's turn is no silence of the remote's. */
async function paced(
  throttle: Throttle,
  {
    count,
    limited,
    timeoutMs,
  }: { readonly count: number; readonly limited: RemoteCall; readonly timeoutMs: number },
): Promise<void> {
  const alive = setInterval(() => limited.onBytes(aliveBytes), timeoutMs / 3);
  try {
    await throttle.take(count, limited.signal);
  } finally {
    clearInterval(alive);
  }
}

const leftAlone: RemoteFailure = {
  kind: 'remote-failure',
  reason: 'unreachable',
  detail: 'it is left alone for the rest of this run',
};

function isFailure(answer: { readonly kind: string }): answer is RemoteFailure {
  return answer.kind === 'remote-failure';
}
