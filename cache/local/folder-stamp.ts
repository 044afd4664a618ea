import { statSync } from 'node:fs';

/**
 * What changes when a file is added to a folder, or taken from it, or renamed over, even where somebody sets its time back;
 * undefined where there is no folder.
 */
export function folderStamp(dir: string): string | undefined {
  const stats = statSync(dir, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}`;
}

/** Kernels stamp with the time of their last tick; some file systems with whole seconds. */
const tickNs = 20_000_000n;
const coarseNs = 2_100_000_000n;
const secondNs = 1_000_000_000n;

/**
 * Git's racy rule: a folder that was changed just before its stamp was written down may have been changed again within the
 * same tick. Both times are the file server's. `recordPath`: the file that holds the stamp.
 */
export function isSettled(stamp: string, recordPath: string): boolean {
  const changedNs = BigInt(stamp.slice(0, stamp.indexOf(' ')));
  const writtenNs = statSync(recordPath, { bigint: true }).mtimeNs;
  return writtenNs - changedNs > (changedNs % secondNs === 0n ? coarseNs : tickNs);
}
