import { isDataReference, isReference } from './reference.ts';

/** How many characters of text weigh as much as one more value. */
const charactersAsOne = 64;

/**
 * Whether a value is made of more than `limit` values, long texts counting for several. Looks no further than the limit:
 * what expressions build may share its parts, and be far larger than the memory it takes.
 */
export function isLargerThan(value: unknown, limit: number): boolean {
  let weight = 0;
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const next = stack.pop();
    weight += 1 + (typeof next === 'string' ? Math.floor(next.length / charactersAsOne) : 0);
    if (weight > limit) return true;
    if (typeof next !== 'object' || next === null || isReference(next) || isDataReference(next)) continue;
    const inner: Iterable<unknown> = Array.isArray(next)
      ? next
      : next instanceof Map
        ? next.values()
        : Object.values(next);
    for (const item of inner) {
      stack.push(item);
      if (weight + stack.length > limit) return true;
    }
  }
  return false;
}
