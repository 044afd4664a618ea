/**
 * A small seedable generator. What is drawn depends on the keys alone, so that `randomFrom(seed, epoch, index)` gives
 * each image its own stream whatever the order or the process in which images are read.
 *
 * Keys are absorbed with the 32-bit finaliser of MurmurHash3 (Appleby 2011); the stream is sfc32 (Doty-Humphrey,
 * PractRand: 128 bits of state, a counter guarantees a period of at least 2^32).
 */
export interface Random {
  /** A double in [0, 1), 53 random bits. */
  uniform(): number;
  /** A whole number in [0, bound), without bias. `bound` is 1 … 2^32. */
  integer(bound: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Shuffles in place (Fisher and Yates) and returns its argument. */
  shuffle<T extends Shuffled>(array: T): T;
  /** 0 … n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** A stream of its own, keyed by this stream's keys followed by `keys`; draws made here do not matter. */
  split(...keys: readonly number[]): Random;
}

type Shuffled = unknown[] | Int32Array | Uint32Array | Float32Array;

/** A generator keyed by whole numbers (any safe integer, negative too). At least one key. */
export function randomFrom(...keys: readonly number[]): Random {
  const next = sfc32(absorb(keys));
  const uniform = (): number => {
    const high = next() >>> 5;
    const low = next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };
  const integer = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000)
      throw new Error(`not a bound: ${bound}`);
    // Draws in the incomplete last block of `bound` numbers would favour the low ones.
    const limit = 0x100000000 - (0x100000000 % bound);
    let draw = next();
    while (draw >= limit) draw = next();
    return draw % bound;
  };
  const shuffle = <T extends Shuffled>(array: T): T => {
    for (let last = array.length - 1; last > 0; last -= 1) {
      const other = integer(last + 1);
      [array[last], array[other]] = [array[other], array[last]];
    }
    return array;
  };
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    chance: (probability) => uniform() < probability,
    shuffle,
    permutation: (n) => shuffle(Int32Array.from({ length: n }, (_, index) => index)),
    split: (...more) => randomFrom(...keys, ...more),
  };
}

type Words = readonly [number, number, number, number];

/** Four words of state from any number of keys; each key's two halves touch every word. */
function absorb(keys: readonly number[]): Words {
  if (keys.length === 0) throw new Error('a generator needs at least one key');
  const words: [number, number, number, number] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
  for (const key of keys) {
    if (!Number.isSafeInteger(key)) throw new Error(`not a whole number: ${key}`);
    for (const half of [key | 0, Math.floor(key / 0x100000000) | 0]) {
      let carry = half;
      for (let word = 0; word < 4; word += 1) {
        carry = mix((words[word]! ^ carry) + 0x9e3779b9 + word);
        words[word] = carry;
      }
    }
  }
  return words;
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** sfc32: 32 random bits a call, as an unsigned number. */
function sfc32(seed: Words): () => number {
  let [a, b, c, counter] = seed;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}
