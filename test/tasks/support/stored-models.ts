import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { writeStoredModel } from '../../../tasks/model/stored-model.ts';
import { describedModel } from '../../../vision/models/catalogue.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { withPlainNames } from '../../../vision/weights/plain-names.ts';
import { fitStateDict } from '../../../vision/weights/state-dict.ts';
import type { StoredTensors } from '../../../vision/weights/stored-tensor.ts';
import { asStored, torchFileOf } from '../../support/weights-in-memory.ts';
import { artifactAt } from './run-kind.ts';

/** A model artifact with fresh weights. */
export async function freshModel(name: string, classes: readonly string[], seed = 0): Promise<InputArtifact> {
  const description = describedModel(name)!;
  const entries = description.layout({ classes: classes.length });
  const state = freshState({ entries, initialisation: description.initialisation, seed });
  return stored(name, classes, asStored(state));
}

/** A model artifact from a PyTorch checkpoint. */
export async function importedModel(
  name: string,
  classes: readonly string[],
  path: string,
): Promise<InputArtifact> {
  const read = await torchFileOf(await readFile(path));
  if (read.kind !== 'read') throw new Error(read.detail);
  const named = withPlainNames(asStored(read.tensors));
  if (named.kind !== 'named') throw new Error(named.detail);
  return stored(name, classes, named.tensors);
}

async function stored(
  name: string,
  classes: readonly string[],
  tensors: StoredTensors,
): Promise<InputArtifact> {
  const description = describedModel(name)!;
  const config = { classes: classes.length };
  const entries = description.layout(config);
  const fitted = fitStateDict(tensors, entries);
  if (fitted.kind !== 'fits') throw new Error(fitted.detail);
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-model-'));
  const { preprocessing } = description;
  const parts = { description, config, classes, preprocessing, entries, masks: undefined, trained: {} };
  await writeStoredModel(dir, { ...parts, state: fitted.state });
  return artifactAt(dir, { model: name, sparsity: 0 });
}
