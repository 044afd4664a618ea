import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describedModel } from '../../../vision/models/catalogue.ts';
import { prunableTotal } from '../../../vision/models/layout.ts';
import { withPlainNames } from '../../../vision/weights/plain-names.ts';
import { toFloat32, toNumbers, type RawTensors } from '../../../vision/weights/raw-tensor.ts';
import { fitStateDict } from '../../../vision/weights/state-dict.ts';
import type { StoredTensors } from '../../../vision/weights/stored-tensor.ts';
import { repositoryRoot, sharedDir } from '../../support/shared.ts';
import { asStored, torchFileOf } from '../../support/weights-in-memory.ts';

const shared = sharedDir();
// A training checkpoint as torch.save writes it: epoch, a Namespace, and a DataParallel state dict with shared storages.
const fixture = (protocol: number): Promise<Uint8Array> =>
  readFile(join(repositoryRoot, `test/fixtures/weights/strided-protocol${protocol}.pth`));

describe('readTorchFile', () => {
  it.each([2, 4])(
    'reads the zip format, pickle protocol %d, with shared and strided storages',
    async (protocol) => {
      const result = await torchFileOf(await fixture(protocol));
      if (result.kind !== 'read') throw new Error(result.detail);
      const values = (name: string): number[] => toNumbers(result.tensors.get(`module.${name}`)!);
      expect([...result.tensors.keys()]).toEqual(
        ['rows', 'columns', 'tail', 'count', 'half'].map((name) => `module.${name}`),
      );
      expect(values('rows')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      expect(values('columns')).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
      expect(values('tail')).toEqual([6, 7, 8, 9, 10, 11]);
      expect(values('count')).toEqual([2 ** 40 + 1]);
      expect(values('half')).toEqual([0.5, -2, 65504]);
    },
  );

  it('refuses names outside the allowlist, and runs nothing', async () => {
    // cos\nsystem\n(S'...' is what an attack looks like; here in protocol 2 inside the old format's first pickle.
    const attack = Buffer.concat([
      Buffer.from([0x80, 2]),
      Buffer.from('cos\nsystem\nX\x04\0\0\0true\x85R.', 'latin1'),
    ]);
    expect(await torchFileOf(attack)).toMatchObject({
      reason: 'forbidden',
      detail: expect.stringContaining('os.system') as string,
    });
  });

  it('refuses text opcodes, archives and other files by name', async () => {
    expect(await torchFileOf(Buffer.from([0x80, 2, 0x49, 0x31, 0x0a, 0x2e]))).toMatchObject({
      reason: 'forbidden',
    });
    expect(await torchFileOf(Buffer.from('PK\x05\x06' + '\0'.repeat(18), 'latin1'))).toMatchObject({
      reason: 'unknown-format',
    });
    expect(await torchFileOf(Buffer.from('hello'))).toMatchObject({ reason: 'unknown-format' });
    expect(await torchFileOf(new Uint8Array())).toMatchObject({ kind: 'weights-failure' });
  });

  it('never throws on damaged files', async () => {
    const file = await fixture(2);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.nat(255),
        fc.nat(file.length),
        async (at, value, length) => {
          const broken = Uint8Array.from(file);
          broken[at] = value;
          expect(['read', 'weights-failure']).toContain((await torchFileOf(broken)).kind);
          expect(['read', 'weights-failure']).toContain((await torchFileOf(file.subarray(0, length))).kind);
        },
      ),
    );
  });
});

describe.runIf(shared)('published checkpoints', () => {
  const load = (file: string): Promise<Uint8Array> => readFile(join(shared ?? '', 'data/weights', file));
  const plain = (tensors: RawTensors): StoredTensors => {
    const named = withPlainNames(asStored(tensors));
    if (named.kind !== 'named') throw new Error(named.detail);
    return named.tensors;
  };

  it.each([
    ['resnet20', 'resnet20-12fca82f.th', 268_336],
    ['resnet56', 'resnet56-4bfd9763.th', 848_944],
  ])('fits %s to its entries', async (model, file, prunable) => {
    const result = await torchFileOf(await load(file));
    if (result.kind !== 'read') throw new Error(result.detail);
    const entries = describedModel(model)!.layout({ classes: 10 });
    expect(prunableTotal(entries)).toBe(prunable);
    const fitted = fitStateDict(plain(result.tensors), entries);
    if (fitted.kind !== 'fits') throw new Error(fitted.detail);
    expect([...fitted.state.keys()]).toEqual(entries.map((entry) => entry.name));
    expect(
      toFloat32(await fitted.state.get('bn1.running_var')!.load()).every((variance) => variance > 0),
    ).toBe(true);
  });

  it('names what does not fit', async () => {
    const result = await torchFileOf(await load('resnet20-12fca82f.th'));
    if (result.kind !== 'read') throw new Error(result.detail);
    const fitted = fitStateDict(plain(result.tensors), describedModel('resnet20')!.layout({ classes: 16 }));
    expect(fitted).toMatchObject({
      reason: 'mismatch',
      detail: expect.stringContaining("'linear.weight' has the shape [10, 64]") as string,
    });
    const other = fitStateDict(plain(result.tensors), describedModel('resnet18')!.layout({ classes: 10 }));
    expect(other).toMatchObject({ reason: 'mismatch', detail: expect.stringContaining('more') as string });
  });

  it('says where a cut file ends', async () => {
    const file = await load('resnet20-12fca82f.th');
    expect(await torchFileOf(file.subarray(0, file.length - 100))).toMatchObject({ reason: 'truncated' });
  });
});
