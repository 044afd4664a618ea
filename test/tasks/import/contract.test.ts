import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import { importKind } from '../../../tasks/import/index.ts';
import { readStoredModel } from '../../../tasks/model/stored-model.ts';
import { runKind } from '../support/run-kind.ts';
import { freshModel } from '../support/stored-models.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'import-'));
  const { dir: model } = await freshModel('resnet20', ['a', 'b']);
  await writeFile(join(dir, 'weights.safetensors'), await readFile(join(model, 'model.safetensors')));
  await writeFile(join(dir, 'broken.pth'), 'PK\u0003\u0004 and no more');
});

const identify = (options: JsonObject) =>
  importKind.identify!({
    options,
    studyDir: dir,
    digestOfFile: async (name) => digestOf(await readFile(resolve(dir, name))),
    once: (_, make) => make(),
    signal: new AbortController().signal,
  });

describe('import', () => {
  it('is known by the content of its file, not by its place', async () => {
    const sha256 = digestOf(await readFile(join(dir, 'weights.safetensors')));
    expect(await identify({ file: 'weights.safetensors' })).toEqual({
      kind: 'identified',
      identity: { sha256 },
    });
    expect(await identify({ file: join(dir, 'weights.safetensors'), sha256 })).toMatchObject({
      kind: 'identified',
    });
    expect(await identify({ file: 'weights.safetensors', sha256: '0'.repeat(64) })).toMatchObject({
      kind: 'unusable',
      hint: `the study expects ${'0'.repeat(64)}`,
    });
    expect(await identify({ file: 'nothing.pth' })).toMatchObject({ kind: 'unusable' });
  });

  it('reads safetensors, names or numbers the classes, and changes the preprocessing as told', async () => {
    const file = join(dir, 'weights.safetensors');
    const { outputs } = await runKind({
      kind: importKind,
      options: { file, model: 'resnet20', classes: ['cat', 'dog'], preprocessing: { crop: 40, resize: 48 } },
    });
    const model = await readStoredModel(outputs['model']!.dir);
    expect(model).toMatchObject({
      classes: ['cat', 'dog'],
      preprocessing: { crop: 40, resize: 48 },
      masks: undefined,
    });
    expect(model.config).toEqual({ classes: 2 });
    expect(outputs['model']!.facts).toEqual({ model: 'resnet20', classes: 2, sparsity: 0 });
    const numbered = await runKind({ kind: importKind, options: { file, model: 'resnet20', classes: 2 } });
    expect((await readStoredModel(numbered.outputs['model']!.dir)).classes).toEqual(['0', '1']);
  });

  it('says which file does not fit, and why', async () => {
    const options = { file: join(dir, 'weights.safetensors'), model: 'resnet20', classes: 3 };
    await expect(runKind({ kind: importKind, options })).rejects.toThrow(
      "weights.safetensors: 'linear.weight' has the shape [2, 64], the model's has [3, 64]",
    );
    await expect(
      runKind({ kind: importKind, options: { ...options, file: join(dir, 'broken.pth') } }),
    ).rejects.toThrow('broken.pth: not a readable zip');
  });
});
