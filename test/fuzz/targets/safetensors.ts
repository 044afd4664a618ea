import type { Random } from '../../../vision/random/random.ts';
import {
  bytesPerElement,
  elementCount,
  float32Tensor,
  uint8Tensor,
} from '../../../vision/weights/raw-tensor.ts';
import { safetensorsBytes, safetensorsOf } from '../../support/weights-in-memory.ts';
import type { Target } from '../target.ts';
import { checkFailure } from './check-failure.ts';

/** Weights as we write them, and as others may. */
export const safetensors: Target = {
  name: 'safetensors',
  seeds: () =>
    Promise.resolve([
      safetensorsBytes(
        new Map([
          ['conv.weight', float32Tensor([2, 3, 1, 1], Float32Array.of(1, 2, 3, 4, 5, 6))],
          ['mask', uint8Tensor([4], Uint8Array.of(0, 1, 1, 0))],
        ]),
        { format: 'pt' },
      ),
    ]),
  invent,
  words: [
    '"__metadata__"',
    '"__proto__"',
    '"dtype"',
    '"F32"',
    '"I64"',
    '"shape":[',
    '[[[[',
    '}',
    '{',
    '1e999',
    '-1',
    'null',
  ],
  read: async (input) => {
    const read = await safetensorsOf(input);
    if (read.kind === 'weights-failure') checkFailure(read);
    else {
      for (const [name, { dtype, shape, bytes }] of read.tensors)
        if (bytes.length !== elementCount(shape) * bytesPerElement[dtype])
          throw new Error(`'${name}' is not filled`);
    }
  },
};

function invent(random: Random): Uint8Array {
  const header = JSON.stringify(Object.fromEntries(entries(random)));
  const text = Buffer.from(random.chance(0.1) ? header.replace(/[0-9]/, nested(20_000)) : header);
  const file = Buffer.alloc(8 + text.length + random.integer(64));
  file.writeBigUInt64LE(BigInt(text.length));
  file.set(text, 8);
  return file;
}

function entries(random: Random): readonly (readonly [string, unknown])[] {
  let end = 0;
  return Array.from({ length: random.integer(6) }, (_, at) => {
    const shape = Array.from({ length: random.integer(4) }, () => number(random, 4));
    const begin = end;
    end += random.chance(0.8) ? Math.min(1e6, elementCount(shape)) : number(random, 50);
    const dtype = ['U8', 'F32', 'BOOL', 'toString', '__proto__', 7, null][random.integer(7)];
    const name = random.chance(0.1) ? '__metadata__' : random.chance(0.1) ? '__proto__' : `t${at}`;
    return [name, random.chance(0.05) ? JSON.parse(nested(3)) : { dtype, shape, data_offsets: [begin, end] }];
  });
}

function number(random: Random, usual: number): number {
  if (random.chance(0.9)) return random.integer(usual);
  return [-1, 0.5, 2 ** 31, 2 ** 53 - 1, 2 ** 60, 1e300][random.integer(6)]!;
}

/** Lists in lists, as text: deeper than what can be written by recursion. */
function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
