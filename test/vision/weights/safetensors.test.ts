import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  float32Tensor,
  int64Scalar,
  toFloat32,
  toNumbers,
  uint8Tensor,
} from '../../../vision/weights/raw-tensor.ts';
import { safetensorsBytes, safetensorsOf } from '../../support/weights-in-memory.ts';

const weight = float32Tensor([2, 3], Float32Array.of(1, -2, 3.5, 0, -0, 1e-30));
const example = (): Uint8Array =>
  safetensorsBytes(
    new Map([
      ['w', weight],
      ['mask', uint8Tensor([3], Uint8Array.of(1, 0, 1))],
      ['n', int64Scalar(2 ** 40)],
    ]),
  );

function withHeader(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

describe('safetensors', () => {
  it('reads back what it wrote, bit by bit and in order', async () => {
    const result = await safetensorsOf(example());
    if (result.kind !== 'read') throw new Error(result.detail);
    expect([...result.tensors.keys()]).toEqual(['w', 'mask', 'n']);
    expect([...toFloat32(result.tensors.get('w')!)]).toEqual([...toFloat32(weight)]);
    expect(toNumbers(result.tensors.get('mask')!)).toEqual([1, 0, 1]);
    expect(toNumbers(result.tensors.get('n')!)).toEqual([2 ** 40]);
  });

  it('keeps the metadata, and the same tensors give the same bytes', async () => {
    const file = safetensorsBytes(new Map([['w', weight]]), { format: 'pt' });
    expect(await safetensorsOf(file)).toMatchObject({ kind: 'read', metadata: { format: 'pt' } });
    expect(example()).toEqual(example());
  });

  it('reads half, double and bfloat16 values as float32', () => {
    const bytes = {
      F16: [0x00, 0x38, 0x00, 0xfc],
      BF16: [0xc0, 0x3f, 0x00, 0xc0],
      F64: [0, 0, 0, 0, 0, 0, 0xf8, 0x3f],
    };
    const expected = { F16: [0.5, -Infinity], BF16: [1.5, -2], F64: [1.5] };
    for (const dtype of ['F16', 'BF16', 'F64'] as const) {
      const values = toFloat32({
        dtype,
        shape: [expected[dtype].length],
        bytes: Uint8Array.from(bytes[dtype]),
      });
      expect([...values]).toEqual(expected[dtype]);
    }
  });

  it.each([
    ['an empty file', new Uint8Array(), 'truncated'],
    ['a header longer than the file', example().subarray(0, 40), 'truncated'],
    ['a huge header', new Uint8Array(16).fill(255), 'too-large'],
    ['a header that is not JSON', withHeader('{"w":', 0), 'malformed'],
    ['a header that is a list', withHeader([], 0), 'malformed'],
    ['an unknown type', withHeader({ w: { dtype: 'F7', shape: [1], data_offsets: [0, 4] } }, 4), 'malformed'],
    [
      'a type named like a method',
      withHeader({ w: { dtype: 'toString', shape: [1], data_offsets: [0, 4] } }, 4),
      'malformed',
    ],
    [
      'a negative side',
      withHeader({ w: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 4),
      'malformed',
    ],
    [
      'a shape that does not fill its range',
      withHeader({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, 4),
      'malformed',
    ],
    [
      'a shape beyond all numbers',
      withHeader({ w: { dtype: 'F32', shape: [1e15, 1e15], data_offsets: [0, 4] } }, 4),
      'malformed',
    ],
    [
      'a tensor beyond the file',
      withHeader({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 4),
      'truncated',
    ],
    [
      'overlapping tensors',
      withHeader(
        {
          a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] },
          b: { dtype: 'U8', shape: [2], data_offsets: [1, 3] },
        },
        3,
      ),
      'malformed',
    ],
    [
      'bytes that no tensor names',
      withHeader({ a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] } }, 3),
      'malformed',
    ],
    ['metadata that is not text', withHeader({ __metadata__: { a: 1 } }, 0), 'malformed'],
  ])('refuses %s', async (_, file, reason) => {
    expect(await safetensorsOf(file)).toMatchObject({ kind: 'weights-failure', reason });
  });

  it('never throws, whatever byte is changed or cut', async () => {
    const file = example();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.nat(255),
        fc.nat(file.length),
        async (at, value, length) => {
          const broken = file.slice();
          broken[at] = value;
          expect(['read', 'weights-failure']).toContain((await safetensorsOf(broken)).kind);
          expect(['read', 'weights-failure']).toContain((await safetensorsOf(file.subarray(0, length))).kind);
        },
      ),
    );
  });
});
