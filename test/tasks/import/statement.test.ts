import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKind } from '../../../tasks/import/index.ts';
import { surveyCheckpoint } from '../../../tasks/import/survey-checkpoint.ts';
import { modelFiles, readModelFile } from '../../../tasks/model/model-file.ts';
import { makeCheckpoint } from '../../cli/adopt/checkpoints.ts';
import { runKind } from '../support/run-kind.ts';

let file: string;
let sparsity: number;

beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'statement-')), 'pruned.pth');
  await makeCheckpoint(file, { every: 5 });
  const surveyed = await surveyCheckpoint(file, {});
  sparsity = surveyed.kind === 'surveyed' ? surveyed.sparsity : Number.NaN;
});

const options = (more: object) => ({ file, model: 'resnet8', classes: 4, masks: 'zeros', ...more });

describe('what is said of an imported checkpoint', () => {
  it('is promised beforehand where somebody has looked, and kept to', async () => {
    const run = await runKind({ kind: importKind, options: options({ sparsity }) });
    expect(run.outputs['model']!.facts).toEqual({ model: 'resnet8', classes: 4, sparsity });
    expect(run.stated['model']).toEqual({ model: 'resnet8', classes: 4, sparsity });
    await expect(runKind({ kind: importKind, options: options({ sparsity: 0.21 }) })).rejects.toThrow(
      `the study says \`sparsity: 0.21\`, and it has ${sparsity} (\`masks: zeros\`)`,
    );
  });

  it('is kept with the model, and may not contradict the file', async () => {
    const stated = { by: 'Ada', accuracy: 0.9, sparsity: 0.2, data: 'shapes' };
    const { outputs } = await runKind({ kind: importKind, options: options({ stated }) });
    expect((await readModelFile(outputs['model']!.dir)).trained).toMatchObject({
      ...{ 'stated by': 'Ada', 'stated accuracy': 0.9, 'stated sparsity': 0.2, 'stated data': 'shapes' },
    });
    await expect(
      runKind({ kind: importKind, options: options({ stated: { sparsity: 0.9 } }) }),
    ).rejects.toThrow('a sparsity of 0.9 is stated, and it has 0.2001');
    await expect(
      runKind({ kind: importKind, options: options({ masks: 'none', stated: { sparsity: 0.2 } }) }),
    ).rejects.toThrow('and it has 0 (`masks: none`)');
  });

  it('leaves the model as it was where nothing is said', async () => {
    const [plain, said] = [
      await runKind({ kind: importKind, options: options({}) }),
      await runKind({ kind: importKind, options: options({ sparsity, stated: {} }) }),
    ];
    const read = (run: typeof plain, name: string) => readFile(join(run.outputs['model']!.dir, name));
    for (const name of Object.values(modelFiles))
      expect(await read(said, name)).toEqual(await read(plain, name));
  });
});
