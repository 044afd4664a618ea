import type { StateEntry } from '../../vision/models/network.ts';
import type { ByteSource } from '../../vision/weights/byte-source.ts';
import { readCheckpoint } from '../../vision/weights/checkpoint.ts';
import { constantsProblem } from '../../vision/weights/constants.ts';
import type { WeightsFailure } from '../../vision/weights/failure.ts';
import { fitPositions, type FittedPositions } from '../../vision/weights/position-embeddings.ts';
import type { DType } from '../../vision/weights/raw-tensor.ts';
import { fitStateDict } from '../../vision/weights/state-dict.ts';
import type { StoredTensors } from '../../vision/weights/stored-tensor.ts';
import { importMasks, type ImportedMasks } from './imported-masks.ts';
import type { ImportOptions } from './options.ts';
import { whatWasMeant } from './what-was-meant.ts';

/** A checkpoint that fits the model, with what had to be done for that. */
export interface ImportedCheckpoint
  extends Omit<ImportedMasks, 'kind'>, Pick<FittedPositions, 'interpolated'> {
  readonly kind: 'imported';
  readonly key: string | undefined;
  readonly others: readonly string[];
  /** How many weights were of another type than float32, by type. */
  readonly converted: ReadonlyMap<string, number>;
}

interface ImportRequest {
  readonly options: ImportOptions;
  readonly entries: readonly StateEntry[];
  /** How many. */
  readonly classes: number;
}

/** From a file's bytes to the model's state and masks, or to why not. */
export async function readImport(
  file: ByteSource,
  { options, entries, classes }: ImportRequest,
): Promise<ImportedCheckpoint | WeightsFailure> {
  const checkpoint = await readCheckpoint(file, options.key);
  if (checkpoint.kind !== 'checkpoint') return checkpoint;
  const { tensors, interpolated } = fitPositions(checkpoint.tensors, entries);
  const fitted = fitStateDict(tensors, entries);
  if (fitted.kind !== 'fits') return withHint(fitted, whatWasMeant(tensors, { ...options, classes }));
  const problem = await constantsProblem(fitted.state, entries);
  if (problem !== undefined) return problem;
  const masked = await importMasks(options.masks, { checkpoint, state: fitted.state, entries });
  if (masked.kind !== 'masked') return masked;
  const { key, others } = checkpoint;
  const converted = convertedTypes(checkpoint.tensors, entries);
  return { ...masked, kind: 'imported', key, others, interpolated, converted };
}

function withHint(failure: WeightsFailure, hint: string | undefined): WeightsFailure {
  return hint === undefined ? failure : { ...failure, detail: `${failure.detail}. ${hint}` };
}

const namesOfTypes: { readonly [type in DType]?: string } = {
  F16: 'float16',
  BF16: 'bfloat16',
  F64: 'float64',
};

function convertedTypes(tensors: StoredTensors, entries: readonly StateEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name, formerly, role } of entries) {
    const { dtype } = tensors.get(name) ?? tensors.get(formerly ?? name) ?? {};
    const type = role === 'counter' || dtype === undefined ? undefined : namesOfTypes[dtype];
    if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
