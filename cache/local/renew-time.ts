import { statSync, utimesSync } from 'node:fs';

/** Clocks that agree this well are not set right for it. */
const toleranceMs = 1000;

/**
 * Gives a file the time of now, so that garbage collection keeps it, and never an earlier one than it has. Now is what the
 * file server says: where this host's clock is behind, the stamp that the server has put on the change itself tells.
 * Throws system errors.
 */
export function renewTime(path: string, foundMs: number): void {
  const hereMs = Math.max(Date.now(), foundMs);
  utimesSync(path, hereMs / 1000, hereMs / 1000);
  const serverMs = statSync(path).ctimeMs;
  if (serverMs - hereMs > toleranceMs) utimesSync(path, serverMs / 1000, serverMs / 1000);
}
