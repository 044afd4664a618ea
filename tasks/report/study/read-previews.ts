import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scalar } from '../../../engine/contract/scalar.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import type { PreviewsFile } from '../../previews/previews-file.ts';
import { axisRoles, placeOf } from '../../readings/axis-roles.ts';
import type { PreviewSet } from './study.ts';

/** A preview set before its line is known. */
export interface PlacedPreviews extends Omit<PreviewSet, 'line'> {
  readonly model: string;
  readonly variant: string;
}

/** Reads what each `previews` artifact lists; the images stay where they are until a figure shows them. */
export async function readPreviews(
  artifacts: readonly InputArtifact[],
  seedAxes: readonly string[],
): Promise<readonly PlacedPreviews[]> {
  const read = [];
  for (const { dir, coordinates, facts } of artifacts) {
    const file = JSON.parse(await readFile(join(dir, 'previews.json'), 'utf8')) as PreviewsFile;
    const sparsity = facts['sparsity'];
    if (typeof sparsity !== 'number') continue;
    const named: readonly (Scalar | undefined)[] = [facts['model'], facts['method'], file.model, file.method];
    read.push({ dir, coordinates, file, sparsity, named });
  }
  const roles = axisRoles(read, seedAxes);
  return read.map(({ dir, coordinates, file, sparsity }) => {
    const { variant, seed } = placeOf(coordinates, roles);
    const { model, method, items, convergence } = file;
    const place = { model, variant, seed, sparsity, method, dir, items };
    return convergence === undefined ? place : { ...place, convergence };
  });
}
