import { aliveBytes } from '../../time-limit.ts';
import type { RemoteCall } from '../../remote.ts';
import { keyOf, noKey } from './found-key.ts';
import type { Environment, FoundKey } from './found-key.ts';
import { keyOfProfile } from './profiles.ts';
import { keyOfContainer, keyOfInstance } from './role-endpoints.ts';

/** Lent keys are asked for anew when they last no longer than this: a request may be under way for a while. */
const earlyMs = 5 * 60_000;
/** However short a remote's time limit is: it is not the remote that is waited for. */
const signMs = 30;

export interface CredentialsRequest {
  /** Name of the remote. */
  readonly remote: string;
  readonly env: Environment;
  /** Whether the configuration names the role of the machine as a source. */
  readonly instanceRole: boolean;
  readonly nowMs?: () => number;
}

/**
 * The key to a remote's bucket: from variables of its own, from Amazon's usual ones, from a profile, from the role of the container, and from that
 * of the instance where that is asked for. The first source that has something counts, also where that is of no use. Looked for with the
 * first request, and again when what was lent comes to its end.
 */
export class Credentials {
  readonly #request: CredentialsRequest;
  #looking: Promise<FoundKey> | undefined;
  #found: FoundKey | undefined;

  constructor(request: CredentialsRequest) {
    this.#request = request;
  }

  /** Whether it was looked for and nothing found: requests go unsigned, which is enough for what everybody may read. */
  get areNone(): boolean {
    return this.#found?.kind === 'none';
  }

  async current({ onBytes }: Pick<RemoteCall, 'onBytes'>): Promise<FoundKey> {
    if (this.#found !== undefined && !this.#endsSoon(this.#found)) return this.#found;
    this.#looking ??= findKey(this.#request).finally(() => (this.#looking = undefined));
    const alive = setInterval(() => onBytes(aliveBytes), signMs);
    try {
      return (this.#found = await this.#looking);
    } finally {
      clearInterval(alive);
    }
  }

  #endsSoon(found: FoundKey): boolean {
    const nowMs = (this.#request.nowMs ?? Date.now)();
    return found.kind === 'key' && found.expiresMs !== undefined && found.expiresMs - nowMs < earlyMs;
  }
}

async function findKey({
  remote,
  env,
  instanceRole,
  nowMs = Date.now,
}: CredentialsRequest): Promise<FoundKey> {
  const own = `SWEETSPOT_REMOTE_${remote.toUpperCase().replaceAll('-', '_')}`;
  const sources: readonly (() => FoundKey | Promise<FoundKey>)[] = [
    () => keyInVariables(env, own),
    () => keyInVariables(env, 'AWS'),
    () => keyOfProfile(env, nowMs),
    () => keyOfContainer(env, nowMs),
    () => (instanceRole ? keyOfInstance(env, nowMs) : noKey),
  ];
  for (const source of sources) {
    const found = await source();
    if (found.kind !== 'none') return found;
  }
  return noKey;
}

function keyInVariables(env: Environment, prefix: string): FoundKey {
  const parts = {
    id: env[`${prefix}_ACCESS_KEY_ID`],
    secret: env[`${prefix}_SECRET_ACCESS_KEY`],
    token: env[`${prefix}_SESSION_TOKEN`],
  };
  return keyOf(parts, `the environment ($${prefix}_ACCESS_KEY_ID, $${prefix}_SECRET_ACCESS_KEY)`);
}
