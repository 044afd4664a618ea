/** How much work goes into one job. */
export interface Packing<T> {
  /** Of one job, at most. */
  readonly budgetMs: number;
  /** What the item is expected to take; undefined where it was never measured, or is to have a job of its own. */
  readonly expectedMs: (item: T) => number | undefined;
  readonly most: number;
}

/**
 * Packs short items, in their order, so that each pack is about as much work as a job may hold, and the packs are about
 * alike. An item that takes more than half of that, or nobody knows how long, is alone.
 */
export function packed<T>(items: readonly T[], packing: Packing<T>): readonly (readonly T[])[] {
  const { budgetMs, expectedMs, most } = packing;
  const packs: (readonly T[])[] = [];
  const short: { readonly item: T; readonly ms: number }[] = [];
  for (const item of items) {
    const ms = expectedMs(item);
    if (ms === undefined || ms > budgetMs / 2) packs.push([item]);
    else short.push({ item, ms: Math.max(1, ms) });
  }
  const totalMs = short.reduce((sum, { ms }) => sum + ms, 0);
  const count = Math.max(Math.ceil(totalMs / Math.max(1, budgetMs)), Math.ceil(short.length / most));
  let open: T[] = [];
  let passedMs = 0;
  let done = 0;
  for (const { item, ms } of short) {
    open.push(item);
    passedMs += ms;
    const isFull = passedMs >= (totalMs * (done + 1)) / count || open.length >= most;
    if (!isFull) continue;
    packs.push(open);
    done++;
    open = [];
  }
  if (open.length > 0) packs.push(open);
  return packs;
}
