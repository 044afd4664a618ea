import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { InputArtifact, InputData } from '../../../engine/contract/task-context.ts';
import { evaluate } from '../../../tasks/evaluate/index.ts';
import { readScoresFile } from '../../../tasks/readings/scores-file.ts';
import { sharedDir } from '../../support/shared.ts';
import { useTestBackend } from '../../support/backend.ts';
import { runKind } from '../support/run-kind.ts';
import { importedModel } from '../support/stored-models.ts';

const classes = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
const shared = sharedDir();

function folder(adapter: string, root: string, part?: string): InputData {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(jpg|png)$/.test(path),
  );
  const files = paths.sort().map((path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    return { path, size, mtimeMs };
  });
  return { adapter, options: {}, root, part, digest: digestOf(root), facts: {}, files };
}

describe.runIf(shared !== undefined)('the published CIFAR-10 ResNet-20', { timeout: 120_000 }, () => {
  let model: InputArtifact;

  beforeAll(async () => {
    await useTestBackend();
    model = await importedModel('resnet20', classes, join(shared!, 'data/weights/resnet20-12fca82f.th'));
  });

  it('has 1627 of the 2,000 test images right', async () => {
    const data = folder('image-folder', join(shared!, 'data/cifar10/test'));
    const { outputs } = await runKind({ kind: evaluate, artifacts: { model }, data: { data } });
    const { metrics } = await readScoresFile(outputs['scores']!.dir);
    const right = metrics['accuracy']!.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    expect(Math.abs(right - 1627)).toBeLessThanOrEqual(3);
    expect(metrics['loss']!.mean).toBeLessThan(1);
  });
});
