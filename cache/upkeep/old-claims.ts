import { stat } from 'node:fs/promises';
import { systemClock } from '../clock.ts';
import type { TaskKey } from '../digest.ts';
import { localClaimFiles } from '../local/claim-files.ts';
import { leaveClaim, takeClaim } from '../local/claim-protocol.ts';
import type { FoundClaim } from '../local/claim-protocol.ts';
import { claimPath, newClaim, parseClaimName } from '../local/claim-record.ts';
import { beatPath } from '../local/heartbeat.ts';
import { namesIn } from '../local/names-in.ts';
import { folderPath } from '../local/store-folder.ts';
import { ownIdentity } from '../process-identity.ts';
import type { StoreFolder } from '../store.ts';
import { isMissing } from '../system-error.ts';
import { tallyTree } from './tally.ts';

export interface Leftover {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Keys on which there are claims. Throws system errors. */
export async function claimedKeys(folder: StoreFolder): Promise<ReadonlySet<TaskKey>> {
  const names = await namesIn(folderPath(folder, 'claims'));
  return new Set(names.flatMap((name) => parseClaimName(name)?.key ?? []));
}

/**
 * The claims on a key, if none has given a sign since, by the file server's clock; else none. Takes the key over from them before it
 * removes them, as anybody would, so that no claim goes that somebody has just made. Throws system errors.
 */
export async function clearClaims(
  folder: StoreFolder,
  key: TaskKey,
  { sinceMs, dryRun }: { readonly sinceMs: number; readonly dryRun: boolean },
): Promise<readonly Leftover[]> {
  const files = localClaimFiles(folder, key);
  const isOld = async ({ number, record }: FoundClaim): Promise<boolean> => {
    const signs = [claimPath(folder, key, number)];
    if (typeof record === 'object') signs.push(beatPath(folder, record.nonce));
    const times = await Promise.all(signs.map(modifiedMs));
    return times.every((timeMs) => timeMs < sinceMs);
  };
  const old: Leftover[] = [];
  for (const number of await files.numbers()) {
    const record = await files.read(number);
    if (record === undefined) continue;
    if (!(await isOld({ number, record }))) return [];
    const path = claimPath(folder, key, number);
    old.push({ path, sizeBytes: (await tallyTree(path)).bytes });
  }
  if (dryRun || old.length === 0) return old;
  const contender = {
    files,
    own: newClaim(ownIdentity(), systemClock),
    judge: async (claim: FoundClaim) => ((await isOld(claim)) ? ('dead' as const) : ('live' as const)),
  };
  const attempt = await takeClaim(contender);
  if (attempt.kind === 'held') return [];
  await leaveClaim(contender, attempt);
  return old;
}

/** Long ago, where there is nothing. */
async function modifiedMs(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
