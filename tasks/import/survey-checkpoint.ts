import { describedModel } from '../../vision/models/catalogue.ts';
import { sparsityOf } from '../../vision/pruning/masks.ts';
import { FileSource } from '../../vision/weights/byte-source.ts';
import { readCheckpoint } from '../../vision/weights/checkpoint.ts';
import type { WeightsFailure } from '../../vision/weights/failure.ts';
import { digestOfFile } from '../digest-of-file.ts';
import { readImport } from './imported-checkpoint.ts';
import type { MaskSource } from './options.ts';
import { modelsThatFit } from './what-was-meant.ts';

/** What a file is found to be, whatever is said of it. */
export interface SurveyedCheckpoint {
  readonly kind: 'surveyed';
  readonly sha256: string;
  readonly model: string;
  /** How many. */
  readonly classes: number;
  readonly masks: MaskSource;
  /** Share of the prunable weights that are masked, so read. */
  readonly sparsity: number;
}

export interface SurveyRequest {
  /** Default: the one whose names and shapes it has. */
  readonly model?: string | undefined;
  /** Default: `file` where it has masks, `zeros` where at least half a percent of the prunable weights are zero, else `none`. */
  readonly masks?: MaskSource | undefined;
  readonly key?: string | undefined;
}

/** A trained weight is hardly ever exactly zero; in half precision a few are. */
const leastZeros = 0.005;

/** Reads a checkpoint as `import` would, and tells what its options have to be. Throws system errors. */
export async function surveyCheckpoint(
  path: string,
  { model, masks, key }: SurveyRequest,
): Promise<SurveyedCheckpoint | WeightsFailure> {
  await using file = await FileSource.open(path);
  const checkpoint = await readCheckpoint(file, key);
  if (checkpoint.kind !== 'checkpoint') return checkpoint;
  const fitting = modelsThatFit(checkpoint.tensors);
  const [first, second] = fitting;
  if (model === undefined && first === undefined)
    return mismatch('its names and shapes are those of no model that is known here');
  if (model === undefined && second !== undefined)
    return mismatch(`it could be any of ${fitting.map((each) => each.model).join(', ')}`);
  const meant =
    model === undefined ? first! : (fitting.find((each) => each.model === model) ?? { model, classes: 1000 });
  const entries = describedModel(meant.model)!.layout({ classes: meant.classes });
  const tried = masks ?? (checkpoint.masks.size > 0 ? 'file' : 'zeros');
  const options = {
    ...{ file: path, model: meant.model, classes: meant.classes, masks: tried, preprocessing: {} },
    ...(key === undefined ? {} : { key }),
  };
  const imported = await readImport(file, { options, entries, classes: meant.classes });
  if (imported.kind !== 'imported') return imported;
  const sparsity = imported.masks === undefined ? 0 : sparsityOf(imported.masks).sparsity;
  const isDense = masks === undefined && tried === 'zeros' && sparsity < leastZeros;
  return {
    ...{ kind: 'surveyed', sha256: await digestOfFile(path), model: meant.model, classes: meant.classes },
    ...(isDense ? { masks: 'none', sparsity: 0 } : { masks: tried, sparsity }),
  };
}

function mismatch(detail: string): WeightsFailure {
  return { kind: 'weights-failure', reason: 'mismatch', detail };
}
