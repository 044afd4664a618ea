import type { Random } from '../../vision/random/random.ts';

type Change = (bytes: Uint8Array, random: Random, words: readonly string[]) => Uint8Array;

/** Numbers at which lengths, offsets and counts go wrong. */
const edges: readonly bigint[] = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 60n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** A copy of `bytes` with one to a few changes of the kinds that break readers. */
export function spoil(bytes: Uint8Array, random: Random, words: readonly string[]): Uint8Array {
  let spoilt = Uint8Array.from(bytes);
  const times = 1 + random.integer(random.chance(0.2) ? 12 : 3);
  for (let time = 0; time < times && spoilt.length > 0; time += 1)
    spoilt = Uint8Array.from(changes[random.integer(changes.length)]!(spoilt, random, words));
  return spoilt;
}

const changes: readonly Change[] = [
  function flipBit(bytes, random) {
    const at = random.integer(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << random.integer(8));
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[random.integer(bytes.length)] = random.integer(256);
    return bytes;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.integer(bytes.length));
  },
  function cutOut(bytes, random) {
    const [from, to] = range(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  function repeat(bytes, random) {
    const [from, to] = range(bytes, random);
    const part = bytes.subarray(from, Math.min(to, from + 4096));
    const copies = Array.from({ length: 1 + random.integer(20) }, () => part);
    return joined(bytes.subarray(0, to), ...copies, bytes.subarray(to));
  },
  function splice(bytes, random) {
    const [from, to] = range(bytes, random);
    const at = random.integer(bytes.length);
    return joined(bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at));
  },
  function lengthField(bytes, random) {
    const size = [1, 2, 4, 8][random.integer(4)]!;
    if (bytes.length < size) return bytes;
    const edge = BigInt.asUintN(size * 8, edges[random.integer(edges.length)]!);
    const at = random.integer(bytes.length - size + 1);
    const backwards = random.chance(0.5);
    for (let byte = 0; byte < size; byte += 1)
      bytes[at + (backwards ? size - 1 - byte : byte)] = Number((edge >> BigInt(8 * byte)) & 0xffn);
    return bytes;
  },
  function number(bytes, random) {
    const text = Buffer.from(bytes).toString('latin1');
    const numbers = [...text.matchAll(/\d+(?:\.\d+)?/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: found } = numbers[random.integer(numbers.length)]!;
    const edge = String(edges[random.integer(edges.length)]!);
    const other = ['-1', '1e999', '0x10', '1e-400', '9'.repeat(400), edge, edge][random.integer(7)]!;
    return Buffer.from(text.slice(0, index) + other + text.slice(index + found.length), 'latin1');
  },
  function word(bytes, random, words) {
    const at = random.integer(bytes.length + 1);
    const to = random.chance(0.5) ? at : Math.min(bytes.length, at + random.integer(12));
    return joined(
      bytes.subarray(0, at),
      Buffer.from(words[random.integer(words.length)]!),
      bytes.subarray(to),
    );
  },
  function swapLines(bytes, random) {
    const lines = Buffer.from(bytes).toString('latin1').split('\n');
    const [a, b] = [random.integer(lines.length), random.integer(lines.length)];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
    return Buffer.from(lines.join('\n'), 'latin1');
  },
];

function range(bytes: Uint8Array, random: Random): readonly [number, number] {
  const from = random.integer(bytes.length);
  return [
    from,
    from + 1 + random.integer(random.chance(0.8) ? Math.min(64, bytes.length - from) : bytes.length - from),
  ];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
