/**
 * Reads `sinfo --noheader --format=%P|%l`: partition -> minutes that a job may run in it. The usual one bears a star, and is
 * also found under the empty name. One without a limit is left out.
 */
export function parseTimes(text: string): ReadonlyMap<string, number> {
  const minutes = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', star, limit = ''] = /^([^|*]+)(\*?)\|(\S+)\s*$/.exec(line.trim()) ?? [];
    const most = minutesOf(limit);
    if (name === '' || most === undefined) continue;
    minutes.set(name, most);
    if (star === '*') minutes.set('', most);
  }
  return minutes;
}

/** `D-HH:MM:SS`, `HH:MM:SS` or `MM:SS`, in whole minutes; undefined for `infinite` and anything else. */
export function minutesOf(text: string): number | undefined {
  const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)$/.exec(text);
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return (days * 24 + hours) * 60 + minutes;
}
