import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCheckpoint, type Checkpoint } from '../../../vision/weights/checkpoint.ts';
import { loadMasks, separateMasks } from '../../../vision/weights/masked-pairs.ts';
import { withPlainNames } from '../../../vision/weights/plain-names.ts';
import { float32Tensor, toFloat32, toNumbers, type RawTensor } from '../../../vision/weights/raw-tensor.ts';
import type { StoredTensors } from '../../../vision/weights/stored-tensor.ts';
import { repositoryRoot } from '../../support/shared.ts';
import { asStored, bytesInMemory, safetensorsBytes } from '../../support/weights-in-memory.ts';

// Written by test/torch/write_fixtures.py: one small network, as PyTorch's users save it.
const bytesOf = (name: string): Promise<Uint8Array> =>
  readFile(join(repositoryRoot, 'test/fixtures/weights', name));

async function checkpoint(name: string, key?: string): Promise<Checkpoint> {
  const read = await readCheckpoint(bytesInMemory(await bytesOf(name)), key);
  if (read.kind !== 'checkpoint') throw new Error(read.detail);
  return read;
}

async function values(tensors: StoredTensors, name: string): Promise<Float32Array> {
  return toFloat32(await tensors.get(name)!.load());
}

const names = [
  'conv.weight',
  'conv.bias',
  'norm.weight',
  'norm.bias',
  'norm.running_mean',
  'norm.running_var',
  'norm.num_batches_tracked',
  'head.weight',
  'head.bias',
];

describe('a checkpoint of PyTorch', () => {
  it.each([
    ['training.pth', undefined, 'model', ['model_ema']],
    ['training-legacy.pth', undefined, 'model', ['model_ema']],
    ['training.pth', 'model_ema', 'model_ema', ['model']],
    ['compiled.pth', undefined, 'state_dict', []],
    ['half.pth', undefined, undefined, []],
  ])('%s (key %s) has the weights by their own names', async (file, asked, key, others) => {
    const read = await checkpoint(file, asked);
    expect([...read.tensors.keys()]).toEqual(names);
    expect({ key: read.key, others: read.others }).toEqual({ key, others });
  });

  it('has the weights that the key names, not others', async () => {
    const { tensors: trained } = await checkpoint('training.pth');
    const { tensors: averaged } = await checkpoint('training.pth', 'model_ema');
    const { tensors: fresh } = await checkpoint('compiled.pth');
    expect(await values(averaged, 'head.bias')).toEqual(await values(fresh, 'head.bias'));
    // After a step of 0.1 by the gradient of a sum.
    const stepped = (await values(fresh, 'head.bias')).map((value) => Math.fround(value - Math.fround(0.1)));
    expect(await values(trained, 'head.bias')).toEqual(stepped);
  });

  it('without weights under the key says where there are some', async () => {
    const read = await readCheckpoint(bytesInMemory(await bytesOf('training.pth')), 'optimizer.state');
    expect(read).toMatchObject({
      reason: 'no-state-dict',
      detail: "the file has no weights under 'optimizer.state': there are 'model', 'model_ema'",
    });
    const plain = safetensorsBytes(new Map([['a', float32Tensor([1], Float32Array.of(1))]]));
    expect(await readCheckpoint(bytesInMemory(plain), 'model')).toMatchObject({
      detail: "a safetensors file has no keys, so nothing lies under 'model'",
    });
  });

  it('may be of half, brain or double floats', async () => {
    const { tensors } = await checkpoint('compiled.pth');
    const exact = await values(tensors, 'conv.weight');
    const error = async (file: string): Promise<number> => {
      const found = await values((await checkpoint(file)).tensors, 'conv.weight');
      return Math.max(...found.map((value, index) => Math.abs(value / exact[index]! - 1)));
    };
    expect(await error('double.pth')).toBe(0);
    expect(await error('half.pth')).toBeLessThanOrEqual(2 ** -11);
    expect(await error('half.pth')).toBeGreaterThan(0);
    expect(await error('bfloat16.pth')).toBeLessThanOrEqual(2 ** -8);
    expect(await error('bfloat16.pth')).toBeGreaterThan(2 ** -11);
  });

  it('may hold parameters, also such as somebody gave attributes', async () => {
    const { tensors } = await checkpoint('attributes.pth');
    const plain = await checkpoint('compiled.pth');
    expect(await values(tensors, 'conv.weight')).toEqual(await values(plain.tensors, 'conv.weight'));
  });

  it('is refused where it is a whole module, with the way out', async () => {
    expect(await readCheckpoint(bytesInMemory(await bytesOf('module.pth')))).toMatchObject({
      reason: 'forbidden',
      detail:
        "the file asks for 'torch.nn.modules.container.Sequential', which is not among the names allowed: save the state_dict() alone",
    });
  });
});

describe('a checkpoint that torch.nn.utils.prune made', () => {
  it('is weights and masks', async () => {
    const { tensors, masks } = await checkpoint('pruned.pth');
    expect([...tensors.keys()].sort()).toEqual([...names].sort());
    const loaded = await loadMasks(masks);
    if (loaded.kind !== 'masks') throw new Error(loaded.detail);
    expect([...loaded.masks.keys()]).toEqual(['conv.weight', 'head.weight']);
    const all = [...loaded.masks.values()].flatMap((mask) => [...mask]);
    expect(all.filter((alive) => alive === 0)).toHaveLength(58);
    expect(all).toHaveLength(116);
  });

  const one = float32Tensor([1], Float32Array.of(1));
  const two = float32Tensor([2], Float32Array.of(1, 1));
  const separated = (tensors: Record<string, RawTensor>) =>
    separateMasks(asStored(new Map(Object.entries(tensors))));

  it.each([
    [{ w_orig: one }, "'w_orig' has no '_mask' beside it"],
    [{ w_orig: one, w_mask: one, w: one }, "'w' is there with and without '_orig'"],
    [{ w_orig: one, w_mask: two }, "the mask of 'w' has another shape than the weight"],
  ])('contradicts itself: %j', (tensors, detail) => {
    expect(separated(tensors as Record<string, RawTensor>)).toMatchObject({ reason: 'mismatch', detail });
  });

  it('has masks of zeros and ones', async () => {
    const odd = asStored(new Map([['w', float32Tensor([2], Float32Array.of(1, 0.5))]]));
    expect(await loadMasks(odd)).toMatchObject({
      reason: 'malformed',
      detail: "the mask of 'w' has values other than 0 and 1",
    });
  });

  it('a mask that belongs to no weight is a tensor as any other', () => {
    expect(separated({ a_mask: one, b: one })).toMatchObject({ kind: 'separated' });
    const result = separated({ a_mask: one, b: one });
    expect(result.kind === 'separated' && [...result.tensors.keys()]).toEqual(['a_mask', 'b']);
  });
});

describe('names without those of wrappers', () => {
  const one = float32Tensor([1], Float32Array.of(1));
  const plain = (...given: string[]) => withPlainNames(asStored(new Map(given.map((name) => [name, one]))));

  it.each([
    ['module.conv1.weight', 'conv1.weight'],
    ['model._orig_mod.conv1.weight', 'conv1.weight'],
    ['_orig_mod.module.conv1.weight', 'conv1.weight'],
    ['layer1._orig_mod.0._checkpoint_wrapped_module.conv1.weight', 'layer1.0.conv1.weight'],
    ['module.module.model.fc.bias', 'fc.bias'],
    ['encoder.model.weight', 'encoder.model.weight'],
    ['module.module', 'module'],
  ])('%s is %s', (given, expected) => {
    const named = plain(given);
    expect(named.kind === 'named' && [...named.tensors.keys()]).toEqual([expected]);
  });

  it('that are the same name twice are refused', () => {
    expect(plain('conv1.weight', 'module.conv1.weight')).toMatchObject({
      reason: 'mismatch',
      detail:
        "two tensors are called 'conv1.weight' without the names of wrappers, one of them 'module.conv1.weight'",
    });
  });
});

describe('values of a tensor', () => {
  it.each([
    [
      'F16',
      Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00),
      [1, -2, 65504, 2 ** -24, -0, Infinity],
    ],
    ['BF16', Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x8000), [1, -2, 2 ** -133, -0]],
    ['F64', Float64Array.of(1, 1 + 2 ** -30, 1e300), [1, 1, Infinity]],
    ['BOOL', Uint8Array.of(0, 1), [0, 1]],
    ['I64', BigInt64Array.of(-5n, 2n ** 40n), [-5, 2 ** 40]],
  ] as const)('of type %s become float32', (dtype, stored, expected) => {
    // One byte off, as in the middle of a file.
    const shifted = new Uint8Array(stored.byteLength + 1).subarray(1);
    shifted.set(new Uint8Array(stored.buffer));
    const tensor: RawTensor = { dtype, shape: [stored.length], bytes: shifted };
    expect([...toFloat32(tensor)]).toEqual(expected);
    if (dtype !== 'F64') expect(toNumbers(tensor)).toEqual(expected);
  });
});
