import type { Store } from '../cache/store.ts';
import { storeUsage } from '../cache/upkeep/usage.ts';
import { colours, tell } from './io.ts';
import type { Io } from './io.ts';
import { formatBytes } from './progress/duration.ts';

/** A count is this long good enough for a warning: counting takes a look at every file. */
const recentMs = 60 * 60 * 1000;

/** Says, after a run, that a store with a quota holds more than that. */
export async function warnOfQuota(store: Store, io: Io): Promise<void> {
  const { quotaBytes } = store;
  if (quotaBytes === undefined) return;
  const usage = await storeUsage(store, { withinMs: recentMs });
  if (usage.kind === 'store-failure' || usage.bytes <= quotaBytes) return;
  tell(
    io,
    `${colours.yellow('!')} the store holds ${formatBytes(usage.bytes)}, over its quota of ${formatBytes(quotaBytes)}: sweetspot cache gc makes room`,
  );
}
