import { describe, expect, it } from 'vitest';
import { elementCount } from '../../../vision/weights/raw-tensor.ts';
import { uint8Tensor } from '../../../vision/weights/raw-tensor.ts';
import { safetensorsBytes, safetensorsOf, torchFileOf } from '../../support/weights-in-memory.ts';
import { inventedTorch, legacyPickles } from '../../fuzz/formats/pickle.ts';

function safetensors(header: string, dataBytes = 0): Uint8Array {
  const file = Buffer.alloc(8 + header.length + dataBytes);
  file.writeBigUInt64LE(BigInt(header.length));
  file.write(header, 8);
  return file;
}

const refused = (reason: string): object => ({ kind: 'weights-failure', reason });

describe('safetensors that ask for much', () => {
  it.each([
    ['a header of 2^60 bytes', Buffer.from('0000000000000010', 'hex'), 'too-large'],
    ['a header longer than the file', Buffer.from('0000010000000000', 'hex'), 'truncated'],
    [
      'a size beyond counting',
      '{"a":{"dtype":"U8","shape":[9007199254740991,9007199254740991],"data_offsets":[0,1]}}',
      'malformed',
    ],
    [
      'nothing of a size beyond counting',
      `{"a":{"dtype":"U8","shape":[${'9007199254740991,'.repeat(40)}0],"data_offsets":[0,1]}}`,
      'malformed',
    ],
    [
      'a thousand axes',
      `{"a":{"dtype":"U8","shape":[${'1,'.repeat(999)}1],"data_offsets":[0,1]}}`,
      'malformed',
    ],
    [
      'a type that is lists in lists',
      `{"a":{"dtype":${'['.repeat(50_000)}${']'.repeat(50_000)},"shape":[1],"data_offsets":[0,1]}}`,
      'malformed',
    ],
    [
      'a shape that is lists in lists',
      `{"a":{"dtype":"U8","shape":${'['.repeat(50_000)}${']'.repeat(50_000)},"data_offsets":[0,1]}}`,
      'malformed',
    ],
    ['millions of lists', `[${'[],'.repeat(6_000_001)}[]]`, 'too-large'],
    [
      'a name of a million letters',
      `{"${'a'.repeat(1_000_000)}":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}`,
      'malformed',
    ],
  ])('%s', async (_, file, reason) => {
    const read = await safetensorsOf(typeof file === 'string' ? safetensors(file, 1) : file);
    expect(read).toMatchObject(refused(reason));
    if (read.kind === 'weights-failure') expect(read.detail.length).toBeLessThan(600);
  });

  it('keeps a tensor that is called as a prototype is', async () => {
    const file = safetensorsBytes(new Map([['__proto__', uint8Tensor([1], Uint8Array.of(7))]]));
    const read = await safetensorsOf(file);
    expect(read.kind === 'read' && [...read.tensors.keys()]).toEqual(['__proto__']);
  });

  it('counts no elements where one side is empty, however large the others', () => {
    expect(elementCount([1e300, 1e300, 0])).toBe(0);
  });
});

describe('checkpoints that ask for much', () => {
  const storage = { storage: 'ByteStorage', key: '0', length: 8n, offset: 0n };

  it('an empty tensor of endless sides does not lift the bound on all others', async () => {
    const huge = 2n ** 53n - 1n;
    const empty = {
      ...storage,
      name: 'empty',
      shape: [...Array<bigint>(30).fill(huge), 0n],
      strides: Array<bigint>(31).fill(0n),
    };
    const many = Array.from({ length: 500 }, (_, at) => ({
      ...storage,
      name: `t${at}`,
      shape: [8n],
      strides: [1n],
    }));
    const file = inventedTorch([empty, ...many], Buffer.alloc(8));
    const read = await torchFileOf(file);
    if (read.kind !== 'read') throw new Error(read.detail);
    const bytes = [...read.tensors.values()].reduce((sum, tensor) => sum + tensor.bytes.length, 0);
    expect(bytes).toBeLessThan(4 * file.length);
  });

  it('more axes than PyTorch has', async () => {
    const wide = {
      ...storage,
      name: 'a',
      shape: Array<bigint>(65).fill(1n),
      strides: Array<bigint>(65).fill(1n),
    };
    expect(await torchFileOf(inventedTorch([wide], Buffer.alloc(8)))).toMatchObject(refused('malformed'));
  });

  it('a number of a thousand bytes', async () => {
    const long = Buffer.concat([
      Buffer.from([0x80, 2, 0x8b, 0, 4, 0, 0]),
      Buffer.alloc(1024, 0x7f),
      Buffer.from('.'),
    ]);
    expect(await torchFileOf(long)).toMatchObject(refused('unknown-format'));
  });

  it('a list of storages whose first is a list that doubles fifty times', async () => {
    // ] q0 then (h0 h0 t q0) over and over: 2^50 leaves in some three hundred bytes.
    const doubling = Buffer.concat(Array.from({ length: 50 }, () => Buffer.from('(h\0h\0tq\0', 'latin1')));
    const keys = Buffer.concat([Buffer.from('\x80\x02]q\0', 'latin1'), doubling, Buffer.from('.')]);
    const read = await torchFileOf(Buffer.concat([legacyPickles(), keys]));
    expect(read).toMatchObject(refused('malformed'));
  });

  it('a pickle of more steps than any checkpoint takes', async () => {
    const pickle = Buffer.concat([Buffer.from([0x80, 2]), Buffer.alloc(5_000_000, '}'), Buffer.from('.')]);
    expect(await torchFileOf(pickle)).toMatchObject(refused('too-large'));
  });
});
