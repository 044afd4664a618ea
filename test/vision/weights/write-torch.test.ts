import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  elementCount,
  float32Tensor,
  int64Scalar,
  uint8Tensor,
  type RawTensors,
} from '../../../vision/weights/raw-tensor.ts';
import { writeTorchFile } from '../../../vision/weights/write-torch.ts';
import { asStored, torchFileOf } from '../../support/weights-in-memory.ts';

const dir = await mkdtemp(join(tmpdir(), 'write-torch-'));
const written = async (tensors: RawTensors): Promise<Buffer> => {
  const path = join(dir, 'model.pth');
  await writeTorchFile(path, tensors);
  return readFile(path);
};

/** Tensors in a form that compares quickly, whatever kind of array holds their bytes. */
const shown = (of: RawTensors) =>
  [...of].map(([name, { dtype, shape, bytes }]) => [name, dtype, shape, Buffer.from(bytes).toString('hex')]);

const tensors: RawTensors = new Map([
  ['layer.weight', float32Tensor([2, 3], Float32Array.of(1, -2, 3, 4, 5, 6))],
  ['layer.num_batches_tracked', int64Scalar(7)],
  ['mask', uint8Tensor([2], Uint8Array.of(0, 1))],
]);

describe('writeTorchFile', () => {
  it('gives what the reader reads, and the same bytes again, also tensor by tensor', async () => {
    const file = await written(tensors);
    const read = await torchFileOf(file);
    if (read.kind !== 'read') throw new Error(read.detail);
    expect(shown(read.tensors)).toEqual(shown(tensors));
    await writeTorchFile(join(dir, 'stored.pth'), asStored(tensors));
    expect((await readFile(join(dir, 'stored.pth'))).equals(file)).toBe(true);
  });

  it('keeps names, shapes and values of any kind', async () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 });
    const tensor = shape.map((sides) =>
      float32Tensor(
        sides,
        Float32Array.from({ length: elementCount(sides) }, (_, index) => index / 3),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: 'grapheme' }), tensor, { minKeys: 1 }),
        async (dict) => {
          const all: RawTensors = new Map(Object.entries(dict));
          const read = await torchFileOf(await written(all));
          expect(read.kind === 'read' && shown(read.tensors)).toEqual(shown(all));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is torch.save's layout, byte by byte", async () => {
    const entries = entriesOf(await written(new Map([['w', float32Tensor([2, 1], Float32Array.of(1, 2))]])));
    expect(entries.map(({ name }) => name)).toEqual([
      'archive/data.pkl',
      'archive/byteorder',
      'archive/data/0',
      'archive/version',
    ]);
    const [pickle, order, data, version] = entries.map(({ bytes }) => bytes.toString('latin1'));
    expect([order, version]).toEqual(['little', '3\n']);
    expect(Buffer.from(data!, 'latin1').toString('hex')).toBe('0000803f00000040');
    const ordered = 'ccollections\nOrderedDict\n)R';
    const storage = '(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x02tQ';
    // rebuild(storage, offset 0, size (2, 1), stride (1, 1), requires_grad False, no hooks)
    const rebuilt = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\0(K\x02K\x01t(K\x01K\x01t\x89${ordered}tR`;
    expect(pickle).toBe(`\x80\x02${ordered}(X\x01\0\0\0w${rebuilt}u.`);
  });

  it('starts the bytes of each storage at a multiple of 64, with its checksum', async () => {
    for (const { start, bytes, checksum } of entriesOf(await written(tensors))) {
      expect(start % 64).toBe(0);
      expect(checksum).toBe(crc32(bytes));
    }
  });

  it('writes counts of any size', async () => {
    const wide = float32Tensor([70_000], new Float32Array(70_000).fill(0.5));
    const all: RawTensors = new Map([['wide', wide]]);
    const read = await torchFileOf(await written(all));
    expect(read.kind === 'read' && shown(read.tensors)).toEqual(shown(all));
  });
});

interface ZipEntry {
  readonly name: string;
  readonly start: number;
  readonly bytes: Buffer;
  readonly checksum: number;
}

/** The entries of a zip, by its directory and by each entry's own header, which have to agree. */
function entriesOf(file: Buffer): readonly ZipEntry[] {
  const end = file.length - 22;
  expect(file.readUInt32LE(end)).toBe(0x06054b50);
  let at = file.readUInt32LE(end + 16);
  return Array.from({ length: file.readUInt16LE(end + 10) }, () => {
    expect(file.readUInt32LE(at)).toBe(0x02014b50);
    const nameLength = file.readUInt16LE(at + 28);
    const local = file.readUInt32LE(at + 42);
    expect(file.readUInt32LE(local)).toBe(0x04034b50);
    // Version, flags, method, time, checksum, sizes and the name's length.
    expect(file.subarray(local + 4, local + 28)).toEqual(file.subarray(at + 6, at + 30));
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    expect(file.toString('utf8', local + 30, local + 30 + nameLength)).toBe(name);
    const start = local + 30 + nameLength + file.readUInt16LE(local + 28);
    const size = file.readUInt32LE(at + 24);
    expect(file.readUInt32LE(at + 20)).toBe(size);
    const entry = {
      name,
      start,
      bytes: file.subarray(start, start + size),
      checksum: file.readUInt32LE(at + 16),
    };
    at += 46 + nameLength;
    return entry;
  });
}
