import { randomInt } from 'node:crypto';

/** Random numbers in [0, 1) that can be had again: from `SWEETSPOT_FAULT_SEED`, or else from a seed that failures name. */
export interface Seeded {
  readonly seed: number;
  next(): number;
}

export function seeded(): Seeded {
  const given = process.env['SWEETSPOT_FAULT_SEED'];
  const seed = given === undefined || given === '' ? randomInt(2 ** 32) : Number(given);
  // mulberry32: small, and any seed will do.
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, next };
}
