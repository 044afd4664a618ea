import { setImmediate } from 'node:timers/promises';

/** The first answer of `look`, which is asked again after each turn of the event loop. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await setImmediate();
  }
}
