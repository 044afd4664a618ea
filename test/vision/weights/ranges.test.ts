import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileSource, type ByteSource } from '../../../vision/weights/byte-source.ts';
import { float32Tensor, toNumbers, uint8Tensor } from '../../../vision/weights/raw-tensor.ts';
import { readSafetensors } from '../../../vision/weights/safetensors.ts';
import { readTorchFile } from '../../../vision/weights/torch-file.ts';
import { writeSafetensors } from '../../../vision/weights/write-safetensors.ts';
import { inventedTorch, legacyFile, stateDict } from '../../fuzz/formats/pickle.ts';
import { asStored, bytesInMemory, safetensorsBytes } from '../../support/weights-in-memory.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ranges-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true });
});

/** A source that counts what is read of it. */
function counted(bytes: Uint8Array): { readonly source: ByteSource; readonly bytesRead: () => number } {
  const inner = bytesInMemory(bytes);
  let count = 0;
  return {
    bytesRead: () => count,
    source: {
      size: inner.size,
      read: (begin, end) => {
        count += end - begin;
        return inner.read(begin, end);
      },
    },
  };
}

const megabytes8 = 8 * 2 ** 20;
const floats = (count: number): Buffer =>
  Buffer.from(Float32Array.from({ length: count }, (_, at) => at).buffer);
const tensors = ['first', 'second'].map((name, at) => ({
  name,
  storage: 'FloatStorage',
  key: '0',
  length: BigInt(megabytes8 / 4),
  offset: BigInt(at * 1_000_000),
  shape: [2n, 2n],
  strides: [1n, 5n],
}));

describe('checkpoints are read by ranges', () => {
  it.each([
    ['a zip of torch.save', () => inventedTorch(tensors, floats(megabytes8 / 4))],
    [
      'a file of torch.save before 1.6',
      () => legacyFile(stateDict(tensors, true), new Map([['0', floats(megabytes8 / 4)]])),
    ],
  ])('%s, a tensor at a time', async (_, file) => {
    const { source, bytesRead } = counted(file());
    const read = await readTorchFile(source);
    if (read.kind !== 'read') throw new Error(read.detail);
    const before = bytesRead();
    // The old format does not say how long its pickles are.
    expect(before).toBeLessThanOrEqual(2 ** 20 + 64);
    expect(toNumbers(await read.tensors.get('second')!.load())).toEqual([
      1_000_000, 1_000_005, 1_000_001, 1_000_006,
    ]);
    expect(bytesRead() - before).toBe(7 * 4);
  });

  it('safetensors, a tensor at a time', async () => {
    const file = safetensorsBytes(
      new Map([
        ['large', uint8Tensor([megabytes8], new Uint8Array(megabytes8))],
        ['small', float32Tensor([2], Float32Array.of(3, 4))],
      ]),
    );
    const { source, bytesRead } = counted(file);
    const read = await readSafetensors(source);
    if (read.kind !== 'read') throw new Error(read.detail);
    expect(toNumbers(await read.tensors.get('small')!.load())).toEqual([3, 4]);
    expect(bytesRead()).toBe(file.length - megabytes8);
  });

  it('and pickles that are longer than what is looked at first', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({
      ...tensors[0]!,
      name: `${at}-${'x'.repeat(50_000)}`,
      length: 8n,
    }));
    const file = legacyFile(stateDict(many, true), new Map([['0', floats(8)]]));
    expect(file.length).toBeGreaterThan(2 * 2 ** 20);
    const read = await readTorchFile(bytesInMemory(file));
    if (read.kind !== 'read') throw new Error(read.detail);
    expect([...read.tensors.keys()]).toEqual(many.map(({ name }) => name));
    expect(toNumbers(await read.tensors.get(many[59]!.name)!.load())).toEqual([0, 5, 1, 6]);
    expect(await readTorchFile(bytesInMemory(file.subarray(0, 2 ** 21)))).toMatchObject({
      reason: 'truncated',
    });
  });

  it('also beyond 2 GiB', async () => {
    const path = join(dir, 'large.safetensors');
    const largeBytes = 2 ** 31 + 2 ** 20;
    const header = JSON.stringify({
      large: { dtype: 'U8', shape: [largeBytes], data_offsets: [0, largeBytes] },
      last: { dtype: 'U8', shape: [3], data_offsets: [largeBytes, largeBytes + 3] },
    });
    {
      // Nothing but holes: it takes no room.
      await using file = await open(path, 'w');
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      await file.writeFile(Buffer.concat([length, Buffer.from(header)]));
      await file.write(Uint8Array.of(7, 8, 9), 0, 3, 8 + header.length + largeBytes);
    }
    await using source = await FileSource.open(path);
    const read = await readSafetensors(source);
    if (read.kind !== 'read') throw new Error(read.detail);
    expect(toNumbers(await read.tensors.get('last')!.load())).toEqual([7, 8, 9]);
  });
});

describe('safetensors are written a tensor at a time', () => {
  it('to the bytes that they have as a whole', async () => {
    const all = new Map([
      ['w', float32Tensor([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
      ['__proto__', uint8Tensor([3], Uint8Array.of(1, 0, 1))],
      ['empty', float32Tensor([0, 4], new Float32Array())],
    ]);
    const path = join(dir, 'written.safetensors');
    for (const given of [all, asStored(all)]) {
      await writeSafetensors(path, given, { format: 'pt' });
      expect(await readFile(path)).toEqual(Buffer.from(safetensorsBytes(all, { format: 'pt' })));
    }
  });

  it('and never with a tensor that does not fill its place', async () => {
    const short = { dtype: 'F32', shape: [2], bytes: new Uint8Array(4) } as const;
    await expect(writeSafetensors(join(dir, 'short.safetensors'), new Map([['w', short]]))).rejects.toThrow(
      "'w' is of 4 bytes",
    );
  });
});
