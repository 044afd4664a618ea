import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportKind } from '../../../tasks/export/index.ts';
import { readStoredModel } from '../../../tasks/model/stored-model.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import { toNumbers } from '../../../vision/weights/raw-tensor.ts';
import { torchFileOf } from '../../support/weights-in-memory.ts';
import { runKind } from '../support/run-kind.ts';
import { freshModel } from '../support/stored-models.ts';

const pruned = async () => {
  const model = await freshModel('resnet8', ['a', 'b']);
  return (await runKind({ kind: pruneKind, options: { fraction: 0.5 }, artifacts: { model } })).outputs[
    'model'
  ]!;
};
const read = async (path: string) => {
  const file = await torchFileOf(await readFile(path));
  if (file.kind !== 'read') throw new Error(file.detail);
  return file.tensors;
};

describe('an export', () => {
  it('is safetensors, and torch.save files where they are asked for', async () => {
    const model = await pruned();
    const files = async (options: { pth?: boolean }) => {
      const { outputs } = await runKind({ kind: exportKind, options, artifacts: { model } });
      return outputs['files']!.dir;
    };
    const plain = ['README.md', 'load.py', 'masks.safetensors', 'model.json', 'model.safetensors'];
    expect((await readdir(await files({}))).sort()).toEqual(plain);
    const dir = await files({ pth: true });
    expect((await readdir(dir)).sort()).toEqual([...plain, 'masks.pth', 'model.pth'].sort());
    expect(await readFile(join(dir, 'README.md'), 'utf8')).toContain('| masks.pth |');

    const { state, masks } = await readStoredModel(model.dir);
    const weights = await read(join(dir, 'model.pth'));
    expect([...weights.keys()]).toEqual([...state.keys()]);
    for (const [name, { dtype, shape, bytes }] of weights) {
      expect({ dtype, shape }).toEqual({ dtype: state.get(name)!.dtype, shape: state.get(name)!.shape });
      expect(Buffer.compare(bytes, state.get(name)!.bytes)).toBe(0);
    }
    const stored = await read(join(dir, 'masks.pth'));
    expect([...stored.keys()]).toEqual([...masks!.keys()]);
    for (const [name, tensor] of stored) expect(toNumbers(tensor)).toEqual([...masks!.get(name)!]);
  });

  it('of a dense model has no masks', async () => {
    const model = await freshModel('resnet8', ['a', 'b']);
    const { outputs } = await runKind({ kind: exportKind, options: { pth: true }, artifacts: { model } });
    const { dir } = outputs['files']!;
    expect((await readdir(dir)).filter((name) => name.startsWith('masks'))).toEqual([]);
    expect(await readFile(join(dir, 'README.md'), 'utf8')).not.toContain('masks.pth');
  });
});
