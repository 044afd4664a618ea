/** A time of this machine's clock, `2030-01-31 14:05:09`. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** How long ago, in the coarsest words that serve: `just now`, `35 s ago`, `8 min ago`, `3 h ago`, `4 d ago`. */
export function ago(iso: string, nowMs: number = Date.now()): string {
  const seconds = Math.round((nowMs - Date.parse(iso)) / 1000);
  // Clocks of two machines need not agree.
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}

/** Both: when by the clock, and how long ago. */
export function moment(iso: string, nowMs?: number): string {
  return `${localTime(iso)} (${ago(iso, nowMs)})`;
}
