import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Facts } from '../../../engine/contract/scalar.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { writeHeatmapsFile } from '../../../tasks/heatmaps/heatmaps-file.ts';
import { openHeatmapWriter } from '../../../tasks/heatmaps/write-heatmaps.ts';
import { artifactAt } from '../support/run-kind.ts';

export interface MadeHeatmaps {
  readonly items: readonly string[];
  /** Side of the maps, which the images have already. */
  readonly side: number;
  /** [side, side] of each image. */
  readonly map: (image: number) => ArrayLike<number>;
  readonly targets?: readonly number[];
  readonly facts?: Facts;
}

/** A `heatmaps` artifact of one-channel maps without any model. */
export async function madeHeatmaps(made: MadeHeatmaps): Promise<InputArtifact> {
  const { items, side, map, facts = {} } = made;
  const targets = made.targets ?? items.map(() => 0);
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-maps-'));
  const shape = { images: items.length, channels: 1, height: side, width: side };
  await using writer = await openHeatmapWriter(dir, shape, 'float32');
  for (const image of items.keys()) await writer.append(Float32Array.from(map(image)));
  const about = { model: 'resnet20', classes: 16, sparsity: 0, method: 'grad-cam' };
  await writeHeatmapsFile(dir, {
    format: 1,
    ...about,
    items,
    predicted: targets,
    targets,
    preprocessing: { crop: side, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
  });
  return artifactAt(dir, { model: 'resnet20', sparsity: 0, method: 'grad-cam', ...facts });
}
